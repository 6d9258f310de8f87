// Answers and events that overtake each other, impatient fingers, and leaving in the middle.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
    CONTACT,
    KEY,
    api,
    done,
    fillIn,
    goTo,
    launch,
    onTrip,
    open,
    outcome,
    send,
    test,
} from './browser.mjs';

onTrip(188343);

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

const ORDERS = /\/v1\/holds$/;

/** Holds the first answer of `pattern` back. `came` is when the gateway has given it. */
async function delay(page, pattern, method = 'POST') {
    let pass;
    let arrived;
    const gate = new Promise((resolve) => {
        pass = resolve;
    });
    const came = new Promise((resolve) => {
        arrived = resolve;
    });
    let first = true;
    await page.route(pattern, async (route) => {
        if (!first || route.request().method() !== method) return route.continue();
        first = false;
        const response = await route.fetch();
        arrived();
        await gate;
        // The page may have gone away meanwhile.
        await route.fulfill({ response }).catch(() => {});
    });
    return { came, pass };
}

/** Counts what is asked for from now on. */
function counted(page, pattern) {
    const asked = [];
    page.on('request', (request) => {
        if (request.method() === 'POST' && pattern.test(request.url())) asked.push(request.url());
    });
    return asked;
}

test('an answer that comes after its events shows the hold', async () => {
    const page = await open(browser);
    const reference = await fillIn(page);
    await page.evaluate(
        (wanted) =>
            new Promise((resolve) => {
                const source = new EventSource('/v1/events');
                source.onopen = resolve;
                source.addEventListener('changed', (event) => {
                    const hold = JSON.parse(event.data);
                    if (hold.partner_reference_no === wanted && hold.state === 'held') window.heard = true;
                });
            }),
        reference,
    );
    const { pass } = await delay(page, ORDERS);
    await send(page);
    await page.waitForFunction(() => window.heard);
    assert.equal(await page.getAttribute('.outcome', 'data-kind'), 'sending');
    pass();
    await outcome(page, 'held');
    assert.match(await page.textContent('.outcome .left'), /^\d+:\d\d$/);
    await done(page);
});

test('without a stream the answers alone lead to a ticket', async () => {
    const page = await open(browser);
    await page.route('**/v1/events', (route) => route.fulfill({ status: 503 }));
    await page.reload();
    await page.waitForSelector('.stream[data-state=lost]');
    await fillIn(page);
    await send(page);
    await outcome(page, 'held');
    await page.getByRole('button', { name: 'Book…' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Book…' }).click();
    await outcome(page, 'booked');
    assert.match(await page.textContent('.outcome .ticket'), /\w{4,}/);
    await done(page);
});

test('an older answer does not undo a ticket', async () => {
    const page = await open(browser);
    const reference = await fillIn(page);
    const { came, pass } = await delay(page, `**/v1/holds/${reference}`, 'GET');
    await send(page);
    await outcome(page, 'held');
    await came;
    await page.getByRole('button', { name: 'Book…' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Book…' }).click();
    await outcome(page, 'booked');
    const answered = page.waitForEvent('requestfinished', (request) => request.url().endsWith(reference));
    pass();
    await answered;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    assert.equal(await page.getAttribute('.outcome', 'data-kind'), 'booked');
    await done(page);
});

test('two clicks send one order, and a key held down confirms nothing', async () => {
    const page = await open(browser);
    const reference = await fillIn(page);
    const orders = counted(page, ORDERS);
    const tickets = counted(page, /\/ticket$/);
    await page.locator('.order button[type=submit]').dblclick();
    await outcome(page, 'held');
    assert.equal(orders.length, 1);
    await page.getByRole('button', { name: 'Book…' }).focus();
    for (let times = 0; times < 5; times++) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    assert.equal(await page.locator('dialog').count(), 1);
    assert.equal(tickets.length, 0);
    const { came, pass } = await delay(page, `**/v1/holds/${reference}/ticket`);
    await page.locator('dialog').getByRole('button', { name: 'Book…' }).dblclick();
    await came;
    // What is under way is not left by Escape, and not asked for again.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('dialog').count(), 1);
    pass();
    await outcome(page, 'booked');
    assert.equal(tickets.length, 1);
    await done(page);
});

test('going back while an order is sent loses neither the order nor the page', async () => {
    const page = await open(browser);
    const reference = await fillIn(page);
    const { came, pass } = await delay(page, ORDERS);
    await send(page);
    await came;
    await page.goBack();
    await page.waitForSelector('.holds');
    await page.goForward();
    await outcome(page, 'sending');
    await page.goBack();
    pass();
    await page.waitForSelector(`.row[data-reference="${reference}"][data-state=held]`);
    await page.goForward();
    await outcome(page, 'held');
    // A question about this page does not stand over another one.
    await page.getByRole('button', { name: 'Book…' }).click();
    await page.goBack();
    await page.waitForSelector('.holds');
    assert.equal(await page.locator('dialog').count(), 0);
    await done(page);
});

test('a session that ends while an order is sent leaves its reference, and nobody’s data', async () => {
    const page = await open(browser);
    const reference = await fillIn(page);
    const { came, pass } = await delay(page, ORDERS);
    await send(page);
    await came;
    await api(page, 'DELETE', '/console/session');
    await goTo(page, '#/overview');
    await page.waitForSelector('#key');
    pass();
    await page.fill('#key', KEY);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.figures');
    await goTo(page, '#/block');
    await page.locator('.notice.doubt a', { hasText: reference }).waitFor();
    const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.body.outerHTML]),
    );
    for (const value of Object.values(CONTACT)) assert.ok(!kept.includes(value), value);
    await page.click('.notice.doubt a');
    await page.waitForSelector('.story li');
    // What became of it was seen.
    await goTo(page, '#/block');
    await page.waitForSelector('#from');
    assert.equal(await page.locator('.notice.doubt').count(), 0);
    await done(page);
});
