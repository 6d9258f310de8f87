// From a search to a ticket, and every way in which that can end.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
    PERSON,
    api,
    choosePlace,
    done,
    fillIn,
    inTwoDays,
    goTo,
    launch,
    open,
    outcome,
    send,
    shot,
    test,
} from './browser.mjs';

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

const shownReference = (page) => page.textContent('.outcome .ref-line a');

test('seats are held, counted down and made a ticket', async () => {
    const page = await open(browser);
    const reference = await fillIn(page);
    assert.match(reference, /^W-[0-9A-Z]{20}$/);
    assert.match(await page.inputValue('[data-path="selling_price"]'), /^[1-9]\d+$/);
    await send(page);
    await outcome(page, 'held');
    assert.equal(await shownReference(page), reference);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H2');
    const left = () => page.textContent('.outcome .left');
    const before_ = await left();
    assert.match(before_, /^(\d+:)?\d+:\d\d$/);
    await page.waitForFunction(
        (was) => document.querySelector('.outcome .left').textContent !== was,
        before_,
    );
    await shot(page, 'held');
    await page.getByRole('button', { name: 'Book…' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Book…' }).click();
    await outcome(page, 'booked');
    assert.match(await page.textContent('.outcome .ticket'), /\w{4,}/);
    await shot(page, 'booked');
    await goTo(page, '#/holds');
    await page.waitForSelector(`.row[data-reference="${reference}"][data-state="booked"]`);
    await done(page);
});

test('what happens elsewhere is shown in the outcome, and the focus stays in it', async () => {
    const page = await open(browser);
    const reference = await fillIn(page);
    await page.waitForSelector('.stream[data-state=live]');
    await send(page);
    await outcome(page, 'held');
    await page.locator('.outcome button').first().focus();
    await api(page, 'POST', `/v1/holds/${reference}/ticket`);
    await outcome(page, 'booked');
    assert.ok(await page.evaluate(() => document.activeElement.closest('.outcome') !== null));
    await done(page);
});

test('faults are shown at their fields, and the first has the focus', async () => {
    const page = await open(browser);
    await fillIn(page);
    await page.fill('[data-path="order_detail.email"]', 'nobody');
    await page.fill('[data-path="departure.passengers[0].id_card_number"]', '1');
    await send(page);
    await page.waitForSelector('.order [role=alert]:not([hidden])');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.path), 'order_detail.email');
    for (const path of ['order_detail.email', 'departure.passengers[0].id_card_number']) {
        const field = page.locator(`[data-path="${path}"]`);
        assert.equal(await field.getAttribute('aria-invalid'), 'true');
        const described = (await field.getAttribute('aria-describedby')).split(' ').at(-1);
        assert.notEqual(await page.evaluate((id) => document.getElementById(id).textContent, described), '');
    }
    assert.equal(await page.locator('.order [aria-invalid]').count(), 2);
    await shot(page, 'faults');
    // Mended, the same order goes.
    await page.fill('[data-path="order_detail.email"]', 'pdputra@pvg.co.id');
    await page.fill('[data-path="departure.passengers[0].id_card_number"]', '31741009219923332');
    await send(page);
    await outcome(page, 'held');
    await done(page);
});

test('a refusal says why, and leads back to the seats under another reference', async () => {
    const page = await open(browser);
    const reference = await fillIn(page, 'TAKEN');
    await send(page);
    await outcome(page, 'refused');
    await shot(page, 'refused');
    const asked = page.waitForRequest((request) => /\/v1\/trips\/\d+\/seats/.test(request.url()));
    await page.getByRole('button', { name: 'Back to the seats' }).click();
    await asked;
    await page.locator('[data-seat="TAKEN"][aria-pressed="true"]').click();
    await page.locator('.bus .seat').first().click();
    await page.getByRole('button', { name: 'Next' }).click();
    // The people are still there, the reference is not.
    assert.equal(await page.inputValue('[data-path="order_detail.name"]'), 'Pandu');
    assert.notEqual(await page.inputValue('[data-path="partner_reference_no"]'), reference);
    await send(page);
    await outcome(page, 'held');
    await done(page);
});

test('an answer that this browser lost is found at the gateway', async () => {
    const page = await open(browser);
    const reference = await fillIn(page);
    await page.route(
        '**/v1/holds',
        async (route) => {
            await route.fetch();
            await route.abort();
        },
        { times: 1 },
    );
    await send(page);
    await outcome(page, 'held');
    assert.equal(await shownReference(page), reference);
    await done(page);
});

test('an order that did not arrive is unknown, and goes again under its own reference only', async () => {
    const page = await open(browser);
    const reference = await fillIn(page);
    await page.route('**/v1/holds**', (route) => route.abort());
    await page.route('**/v1/holds/**', (route) => route.abort());
    await send(page);
    await outcome(page, 'lost');
    const buttons = await page.locator('.outcome button').allTextContents();
    assert.deepEqual(buttons, ['Look what is known', 'Send the same order again']);
    assert.equal(await page.locator('.outcome input').count(), 0);
    await shot(page, 'lost');
    await page.unrouteAll();
    // The gateway has not heard of it: that proves nothing either.
    const looked = page.waitForResponse((answer) => answer.url().endsWith(`/v1/holds/${reference}`));
    await page.getByRole('button', { name: 'Look what is known' }).click();
    assert.equal((await looked).status(), 404);
    await outcome(page, 'lost');
    const sent = page.waitForRequest(
        (request) => request.method() === 'POST' && request.url().endsWith('/v1/holds'),
    );
    await page.getByRole('button', { name: 'Send the same order again' }).click();
    assert.equal((await sent).postDataJSON().partner_reference_no, reference);
    await outcome(page, 'held');
    assert.equal(await shownReference(page), reference);
    await done(page);
});

test('there and back with other people: each fault finds its field, and one order holds both ways', async () => {
    const page = await open(browser);
    await goTo(page, '#/block');
    await page.locator('input[name=round][value=true]').check();
    await choosePlace(page, '#from', 'Jakarta');
    await choosePlace(page, '#to', 'Bandung');
    await page.fill('#date', inTwoDays());
    await page.fill('#back', inTwoDays());
    await page.click('.search-trips button[type=submit]');
    // The way back has trips of its own.
    for (const trip of ['188336', '188400']) {
        await page.locator('.trip', { hasText: trip }).click();
        await page.locator('.bus .seat').first().click();
        await page.getByRole('button', { name: 'Next' }).click();
    }
    await page.waitForSelector('.order');
    const fill = async (path, value) => {
        const field = page.locator(`[data-path="${path}"]`);
        await (path.endsWith('gender') ? field.selectOption(value) : field.fill(value));
    };
    for (const [name, value] of Object.entries({
        name: 'Pandu',
        email: 'pdputra@pvg.co.id',
        phone_number: '082122274139',
    }))
        await fill(`order_detail.${name}`, value);
    await page.locator('.order input[type=checkbox]').uncheck();
    for (const leg of ['departure', 'return'])
        for (const [name, value] of Object.entries(PERSON)) await fill(`${leg}.passengers[0].${name}`, value);
    await fill('return.passengers[0].id_card_number', '1');
    await send(page);
    await page.waitForSelector('.order [role=alert]:not([hidden])');
    assert.equal(
        await page.evaluate(() => document.activeElement.dataset.path),
        'return.passengers[0].id_card_number',
    );
    await fill('return.passengers[0].id_card_number', 'C1234567');
    const sent = page.waitForRequest(
        (request) => request.method() === 'POST' && request.url().endsWith('/v1/holds'),
    );
    await send(page);
    const order = (await sent).postDataJSON();
    assert.equal(order.return.passengers[0].id_card_number, 'C1234567');
    assert.deepEqual([order.departure.trip_id, order.return.trip_id], [188336, 188400]);
    await outcome(page, 'held');
    assert.ok((await page.textContent('.outcome')).includes(`Trip ${order.return.trip_id}`));
    await done(page);
});
