// Every page before axe in both themes and at a phone's width, and in Indonesian.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { block, done, fillIn, goTo, launch, onTrip, open, outcome, send, shot, test } from './browser.mjs';

const AXE = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

onTrip(188342);

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

/** Each page of the console, as `visit(name)` sees it. */
async function tour(page, visit) {
    await block(page, { seat: 'USED' });
    const { partner_reference_no: reference } = await block(page);
    await goTo(page, '#/overview');
    await page.waitForSelector('.figures .chart');
    await page.locator('details').evaluateAll((all) =>
        all.forEach((one) => {
            one.open = true;
        }),
    );
    await visit('overview');
    await goTo(page, '#/holds');
    await page.waitForSelector(`.row[data-reference="${reference}"]`);
    await page.waitForSelector('.uncertain .tried');
    await visit('holds');
    await page.locator('.uncertain .card button').last().click();
    await visit('dialog');
    await page.keyboard.press('Escape');
    await goTo(page, `#/hold/${reference}`);
    await page.waitForSelector('.story li');
    await visit('hold');
    await page.getByRole('button', { name: 'Show personal data…' }).click();
    await page.locator('dialog textarea').fill('To look at the page.');
    await page.locator('dialog').getByRole('button', { name: 'Show' }).click();
    await page.waitForSelector('.people table');
    await visit('disclosed');
    await goTo(page, '#/block');
    await page.waitForSelector('#from');
    await visit('search');
    await page.click('#from');
    await page.locator('.combo [role=option]:visible').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await visit('places');
    await page.keyboard.press('Escape');
    await fillIn(page);
    await page.fill('[data-path="order_detail.email"]', 'nobody');
    await send(page);
    await page.waitForSelector('.order [role=alert]:not([hidden])');
    await visit('order');
    await page.locator('.steps button').last().click();
    await page.waitForSelector('.bus .seat');
    await visit('seats');
    await page.locator('.steps button').last().click();
    await page.waitForSelector('.trip');
    await visit('trips');
    await page.locator('.trip', { hasText: '188342' }).click();
    await page.locator('.bus .seat').first().click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.fill('[data-path="order_detail.email"]', 'pdputra@pvg.co.id');
    await send(page);
    await outcome(page, 'held');
    await visit('outcome');
    await page.getByRole('button', { name: 'Another order' }).click();
    await fillIn(page, 'USED');
    await send(page);
    await outcome(page, 'unknown');
    await visit('unknown');
}

// What a theme can break. All else is the same in both, so it is looked at once.
const COLOURS = ['color-contrast', 'link-in-text-block'];

async function findings(page, rules) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
    const violations = await page.evaluate(
        async (only) =>
            (
                await window.axe.run(document, {
                    resultTypes: ['violations'],
                    ...(only ? { runOnly: only } : {}),
                })
            ).violations,
        rules,
    );
    return violations
        .filter(({ impact }) => ['serious', 'critical'].includes(impact))
        .map(
            ({ id, nodes }) =>
                `${id}: ${nodes
                    .slice(0, 3)
                    .map((node) => `${node.target} ${node.failureSummary}`)
                    .join(' | ')}`,
        );
}

const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

/** Looks at what is shown in both themes, and at a phone's width. */
async function look(page, name) {
    await setTheme(page, 'light');
    assert.deepEqual(await findings(page), [], `${name}, light`);
    await shot(page, `light-${name}`);
    await setTheme(page, 'dark');
    assert.deepEqual(await findings(page, COLOURS), [], `${name}, dark`);
    await shot(page, `dark-${name}`);
    await page.setViewportSize(PHONE);
    const [width, room] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
    ]);
    assert.ok(width <= room, `${name} is ${width} px wide, in ${room}`);
    await shot(page, `phone-${name}`);
    await page.setViewportSize(WIDE);
}

// A dialog stands before the field in which one chooses.
const setTheme = (page, theme) =>
    page.evaluate((wanted) => {
        document.documentElement.dataset.theme = wanted;
    }, theme);

test('axe finds nothing serious in either theme, and nothing is wider than a phone', async () => {
    const outside = await open(browser, { key: null, reducedMotion: 'reduce' });
    await look(outside, 'signin');
    await done(outside);
    const page = await open(browser, { reducedMotion: 'reduce' });
    const names = [];
    await tour(page, async (name) => {
        names.push(name);
        await look(page, name);
    });
    assert.equal(names.length, 12);
    assert.deepEqual(
        page.faults.filter((fault) => !fault.includes('axe')),
        [],
    );
});

test('the theme is the system’s until one is chosen, and stays chosen', async () => {
    const isDark = (page) =>
        page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number)[0] < 100);
    const page = await open(browser, { colorScheme: 'dark', key: null });
    assert.equal(await isDark(page), true);
    await page.selectOption('select[name=theme]', 'light');
    assert.equal(await isDark(page), false);
    await page.reload();
    await page.waitForSelector('#key');
    assert.equal(await isDark(page), false);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.selectOption('select[name=theme]', 'dark');
    assert.equal(await isDark(page), true);
    await done(page);
});

test('everything is there in Indonesian, and stays so', async () => {
    const page = await open(browser);
    const english = await page.textContent('main h1');
    await page.selectOption('select[name=lang]', 'id');
    assert.equal(await page.getAttribute('html', 'lang'), 'id');
    assert.notEqual(await page.textContent('main h1'), english);
    await page.reload();
    await page.waitForSelector('.holds .row[data-reference]');
    assert.equal(await page.getAttribute('html', 'lang'), 'id');
    await shot(page, 'id-holds');
    const words = await page.evaluate(async () => {
        const [en, id] = await Promise.all([import('/console/words.en.js'), import('/console/words.id.js')]);
        return {
            missing: Object.keys(en.default).filter((key) => !(key in id.default)),
            holes: Object.keys(en.default).filter((key) =>
                JSON.stringify([id.default[key]])
                    .match(/\{\w+\}/g)
                    ?.some((hole) => !JSON.stringify([en.default[key]]).includes(hole)),
            ),
        };
    });
    assert.deepEqual(words, { missing: [], holes: [] });
    for (const hash of ['#/overview', '#/block', '#/holds']) {
        await goTo(page, hash);
        await page.waitForSelector('main h1');
        const text = await page.textContent('body');
        for (const word of ['Holds', 'Sign out', 'Search trips', 'Outcomes over time', 'All holds'])
            assert.ok(!text.includes(word), `${hash}: ${word}`);
        // A key that has no words shows itself.
        assert.doesNotMatch(text, /\b(nav|hold|list|state|kind|overview|search|order|settle)\.[a-z_]+\b/);
    }
    await done(page);
});
