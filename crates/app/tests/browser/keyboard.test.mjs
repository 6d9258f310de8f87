// The whole way from the key to a held seat without a mouse.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { CONTACT, KEY, PERSON, done, launch, onTrip, open, outcome, test } from './browser.mjs';

onTrip(188341);

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

/** Presses Tab until the focus is on what `selector` names, and sees to it that it can be seen. */
async function tabTo(page, selector, most = 60) {
    for (let pressed = 0; pressed < most; pressed++) {
        if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) {
            const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
            assert.notEqual(outline, 'none', `the focus on ${selector} cannot be seen`);
            return;
        }
        await page.keyboard.press('Tab');
    }
    assert.fail(`Tab does not reach ${selector}`);
}

async function place(page, selector, name) {
    await tabTo(page, selector);
    await page.keyboard.type(name);
    await page.locator('.combo [role=option]:visible', { hasText: name }).first().waitFor();
    await page.keyboard.press('ArrowDown');
    const active = await page.getAttribute(selector, 'aria-activedescendant');
    assert.match(await page.textContent(`#${active}`), new RegExp(name));
    await page.keyboard.press('Enter');
    assert.equal(await page.getAttribute(selector, 'aria-expanded'), 'false');
}

test('everything can be done from the keyboard', async () => {
    const page = await open(browser, { key: null });
    await tabTo(page, '#key');
    await page.keyboard.type(KEY);
    await page.keyboard.press('Enter');
    await page.waitForSelector('nav');
    await tabTo(page, 'nav a[data-page=block]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#from');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');

    await place(page, '#from', 'Jakarta');
    await place(page, '#to', 'Bandung');
    await tabTo(page, '#date');
    const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    // A date's parts are typed in the order of the browser's own language.
    await page.fill('#date', day);
    await tabTo(page, '.search-trips button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.trip');
    await tabTo(page, 'li:nth-child(2) > .trip');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.bus .seat');

    await tabTo(page, '.bus .seat');
    const first = await page.evaluate(() => document.activeElement.dataset.seat);
    await page.keyboard.press('ArrowDown');
    const second = await page.evaluate(() => document.activeElement.dataset.seat);
    assert.notEqual(first, second);
    await page.keyboard.press('Space');
    assert.equal(await page.getAttribute(`[data-seat="${second}"]`, 'aria-pressed'), 'true');
    await tabTo(page, 'main > div > .buttons .primary');
    await page.keyboard.press('Enter');

    for (const [name, value] of Object.entries(CONTACT)) {
        await tabTo(page, `[data-path="order_detail.${name}"]`);
        await page.keyboard.type(value);
    }
    for (const [name, value] of Object.entries(PERSON)) {
        const field = `[data-path="departure.passengers[0].${name}"]`;
        await tabTo(page, field);
        if (name === 'dob') await page.fill(field, value);
        else if (name === 'gender') await page.keyboard.press('ArrowDown');
        else await page.keyboard.type(value);
    }
    await page.keyboard.press('Enter');
    await outcome(page, 'held');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H2');

    // A dialog takes the focus, Escape closes it, and the focus is back.
    await tabTo(page, '.outcome .primary');
    await page.keyboard.press('Enter');
    assert.ok(await page.evaluate(() => document.querySelector('dialog').contains(document.activeElement)));
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.ok(await page.evaluate(() => document.activeElement.matches('.outcome .primary')));
    await done(page);
});
