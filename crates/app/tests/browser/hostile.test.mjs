// What a provider may send instead of names, and a night of events: neither breaks the page.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { block, choosePlace, done, goTo, inTwoDays, launch, onTrip, open, shot, test } from './browser.mjs';

onTrip(188342);

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

const EVIL = '"><img src=x onerror="window.broken=1"><script>window.broken=1</script>';

/** Changes each text of an answer, whatever it is called; what keeps the page's order stays. */
function spoiled(value, keep, key = '') {
    if (typeof value === 'string') return keep.includes(key) ? value : `${EVIL}\u202Eabc${value}`;
    if (Array.isArray(value)) return value.map((item) => spoiled(item, keep, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, spoiled(item, keep, name)]));
}

const spoil = (page, pattern, ...keep) =>
    page.route(pattern, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: spoiled(await response.json(), keep) });
    });

test('markup in any answer is text, and turns no writing round', async () => {
    const page = await open(browser);
    const { partner_reference_no: reference } = await block(page, { seat: 'USED' });
    await spoil(page, '**/console/session', 'csrf', 'scopes');
    await spoil(page, '**/v1/places?**', 'id', 'kind');
    await spoil(page, '**/v1/trips?**');
    await spoil(page, /\/v1\/trips\/\d+\/seats/);
    await spoil(page, /\/v1\/holds\?/, 'partner_reference_no', 'state', 'begun_at');
    await spoil(page, /\/v1\/holds\/[^/]+$/);
    await spoil(page, '**/v1/overview?**', 'at', 'from', 'to');
    const clean = async (name) => {
        assert.equal(await page.locator('#app img, #app script').count(), 0, name);
        assert.equal(await page.evaluate(() => window.broken), undefined, name);
        const text = await page.textContent('#app');
        assert.doesNotMatch(text, /[\u202A-\u202E\u2066-\u2069]/, name);
        return text;
    };
    await page.reload();
    await page.waitForSelector('.uncertain .tried li');
    assert.ok((await clean('holds')).includes('<img src=x'));
    await shot(page, 'hostile-holds');
    await goTo(page, `#/hold/${reference}`);
    await page.waitForSelector('.story li');
    assert.ok((await clean('hold')).includes('<img src=x'));
    await goTo(page, '#/overview');
    await page.waitForSelector('.figures .chart');
    await clean('overview');
    await goTo(page, '#/block');
    await choosePlace(page, '#from', 'Jakarta');
    await choosePlace(page, '#to', 'Bandung');
    await page.fill('#date', inTwoDays());
    await page.click('.search-trips button[type=submit]');
    await page.locator('.trip').first().click();
    await page.waitForSelector('.seatmap .seat');
    assert.ok((await clean('seats')).includes('<img src=x'));
    await shot(page, 'hostile-seats');
    // Names that every object has are no pages and no languages.
    await page.evaluate(() => localStorage.setItem('lang', 'constructor'));
    await goTo(page, '#/constructor');
    await page.waitForSelector('main .holds');
    await page.reload();
    await page.waitForSelector('main .holds');
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await done(page);
});

test('ten thousand events and many visits leave nothing behind', async () => {
    const page = await open(browser);
    const { partner_reference_no: reference } = await block(page);
    const { body } = await page.evaluate(async (wanted) => {
        const answer = await fetch(`/v1/holds/${wanted}`);
        return { body: await answer.json() };
    }, reference);
    delete body.story;
    const other = (index) => ({ ...body, partner_reference_no: `E-${index % 20}`, attempts: index });
    const told = (many) =>
        Array.from(
            { length: many },
            (_, index) => `event: changed\nid: ${index + 1}\ndata: ${JSON.stringify(other(index))}\n\n`,
        ).join('');
    let stream = '';
    await page.route('**/v1/events', (route) =>
        route.fulfill({ contentType: 'text/event-stream', body: `retry: 600000\n\n${stream}` }),
    );
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    const size = async () => {
        await cdp.send('HeapProfiler.collectGarbage');
        const { metrics } = await cdp.send('Performance.getMetrics');
        return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    };
    const visit = async () => {
        for (const [hash, there] of [
            ['#/overview', '.figures .chart'],
            ['#/block', '#from'],
            [`#/hold/${reference}`, '.story li'],
            ['#/holds', `.row[data-reference="${reference}"]`],
        ]) {
            await goTo(page, hash);
            // Not waitForSelector: its handle would keep the page that it found.
            await page.locator(there).first().waitFor();
        }
    };
    await visit();
    await visit();
    const before_ = await size();
    for (let times = 0; times < 6; times++) await visit();
    const visited = await size();
    assert.ok(
        visited.JSEventListeners <= before_.JSEventListeners + 20,
        `${before_.JSEventListeners} listeners, and ${visited.JSEventListeners} after six more rounds`,
    );
    assert.ok(visited.Nodes <= before_.Nodes * 1.1 + 200, `${before_.Nodes} nodes, then ${visited.Nodes}`);

    const afterEvents = async (many) => {
        stream = told(many);
        await page.reload();
        await page.waitForFunction(
            (last) =>
                [...document.querySelectorAll('.row')].some((row) => row.dataset.reference === `E-${last}`),
            (many - 1) % 20,
        );
        await page.locator(`.row[data-reference="${reference}"]`).first().waitFor();
        return size();
    };
    const few = await afterEvents(20);
    const many = await afterEvents(10_000);
    assert.ok(many.Nodes <= few.Nodes * 1.2 + 500, `${few.Nodes} nodes, then ${many.Nodes}`);
    assert.ok(
        many.JSEventListeners <= few.JSEventListeners + 60,
        `${few.JSEventListeners} listeners, then ${many.JSEventListeners}`,
    );
    assert.ok(
        many.JSHeapUsedSize <= few.JSHeapUsedSize + 6_000_000,
        `${few.JSHeapUsedSize} bytes, then ${many.JSHeapUsedSize}`,
    );
    await done(page);
});
