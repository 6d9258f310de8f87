// What every test of the console needs: a browser, a signed-in page that is watched, and holds to
// look at. CONSOLE_URL and CONSOLE_KEY say where the gateway is and which key may do everything;
// its sandbox must be a fresh one. CHROMIUM names another browser than Debian's.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import * as runner from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const BASE = (process.env.CONSOLE_URL ?? '').replace(/\/$/, '');
export const KEY = process.env.CONSOLE_KEY ?? '';
assert.ok(BASE && KEY, 'set CONSOLE_URL and CONSOLE_KEY to a running gateway and an operator’s key');

const SHOTS = fileURLToPath(new URL('../../../../target/browser/', import.meta.url));
const ARGS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

// The machine may be busy with other work; what goes well does not wait for this long.
const PATIENCE = 60_000;

// Told by the browser for each answer of 400 and above, which the console expects and shows.
const EXPECTED = /^Failed to load resource: (the server responded with a status of|net::ERR_FAILED)/;

export const launch = () =>
    chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS });

const pages = new Set();

/** A test. One that fails leaves a picture of each page that it had open; all of them are closed. */
export const test = (name, body) =>
    runner.test(name, async () => {
        try {
            await body();
        } catch (error) {
            let count = 0;
            for (const page of pages)
                await shot(page, `failed-${name.replace(/\W+/g, '-').slice(0, 60)}-${++count}`).catch(() => {});
            throw error;
        } finally {
            for (const page of pages) await close(page);
        }
    });

/** A page with a list of everything that it must not do: errors, and requests to elsewhere. */
export async function open(browser, { key = KEY, hash = '', clock = false, ...options } = {}) {
    const context = await browser.newContext({
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        viewport: { width: 1280, height: 900 },
        ...options,
    });
    const page = await context.newPage();
    pages.add(page);
    page.setDefaultTimeout(PATIENCE);
    page.faults = [];
    if (clock) await page.clock.install();
    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(message.text()))
            page.faults.push(message.text());
    });
    page.on('pageerror', (error) => page.faults.push(String(error)));
    page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(`${BASE}/`) && !url.startsWith('data:')) page.faults.push(`request to ${url}`);
    });
    // The form has tests of its own.
    if (key) assert.ok((await context.request.post(`${BASE}/console/session`, { data: { key } })).ok());
    await page.goto(`${BASE}/console/${hash}`, { waitUntil: 'commit' });
    await page.waitForSelector(key ? 'nav a[aria-current], main h1.reference' : '#key');
    return page;
}

async function close(page) {
    pages.delete(page);
    // An answer may still be on its way through a test's hands.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.context().close();
}

/** Ends a page, and the test with it where the page did what it must not. */
export async function done(page) {
    const { faults } = page;
    await close(page);
    assert.deepEqual(faults, []);
}

export async function shot(page, name) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}${name}.png` });
}

export const goTo = (page, hash) =>
    page.evaluate((next) => {
        location.hash = next;
    }, hash);

/** Calls the gateway's API as the page does. */
export const api = (page, method, path, body) =>
    page.evaluate(
        async ([verb, where, what]) => {
            const { csrf } = await (await fetch('/console/session')).json();
            const answer = await fetch(where, {
                method: verb,
                headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' },
                body: what ? JSON.stringify(what) : undefined,
            });
            return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
        },
        [method, path, body],
    );

export const PERSON = {
    name: 'Pandu',
    dob: '1996-12-09',
    gender: 'male',
    id_card_number: '31741009219923332',
};
export const CONTACT = { name: 'Pandu', email: 'pdputra@pvg.co.id', phone_number: '082122274139' };

let trip = 188336;

/** Which of the sandbox's trips from Jakarta to Bandung this file takes its seats from: two files run at a time. */
export const onTrip = (id) => {
    trip = id;
};

let last = 0;

/** A reference that no other test uses. */
export const reference = (stem) => `${stem}-${process.pid}-${Date.now().toString(36)}-${++last}`;

export const inTwoDays = () => new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);

/** A trip of the sandbox and one of its free seats, far from where the page's tests begin; `seat` asks for a certain one. */
export async function freeSeat(page, seat) {
    const trip_id = trip;
    const { seats } = (await api(page, 'GET', `/v1/trips/${trip_id}/seats?product=BUS`)).body;
    const fitting = seats.filter(({ name }) => (seat ? name === seat : /^\d+$/.test(name)));
    const found = fitting[Math.floor(fitting.length * (0.5 + Math.random() / 2))];
    assert.ok(found, `trip ${trip_id} has no free seat ${seat ?? ''}`);
    return { trip_id, seat_name: found.name };
}

/** Blocks a seat over the API, and gives the answer. */
export async function block(page, { seat, ref = reference('API') } = {}) {
    const { trip_id, seat_name } = await freeSeat(page, seat);
    const order = {
        product_code: 'BUS',
        selling_price: '20000',
        partner_reference_no: ref,
        order_detail: CONTACT,
        departure: { trip_id, passengers: [{ seat_name, ...PERSON }] },
        return: null,
    };
    return (await api(page, 'POST', '/v1/holds', order)).body;
}

/** Goes through the block page up to the order, with one seat picked: `seat`, or the first. */
export async function fillIn(page, seat) {
    await goTo(page, '#/block');
    await choosePlace(page, '#from', 'Jakarta');
    await choosePlace(page, '#to', 'Bandung');
    await page.fill('#date', inTwoDays());
    await page.click('.search-trips button[type=submit]');
    await page.locator('.trip', { hasText: String(trip) }).click();
    await (seat ? page.locator(`[data-seat="${seat}"]`) : page.locator('.bus .seat').first()).click();
    await page.getByRole('button', { name: 'Next' }).click();
    for (const [name, value] of Object.entries(CONTACT))
        await page.fill(`[data-path="order_detail.${name}"]`, value);
    for (const [name, value] of Object.entries(PERSON)) {
        const field = page.locator(`[data-path="departure.passengers[0].${name}"]`);
        await (name === 'gender' ? field.selectOption(value) : field.fill(value));
    }
    return page.inputValue('[data-path="partner_reference_no"]');
}

export async function choosePlace(page, field, name) {
    // An empty field offers all places at once.
    await page.fill(field, '');
    await page.click(field);
    await page.locator('.combo [role=option]:visible', { hasText: name }).first().click();
}

export const send = (page) => page.click('.order button[type=submit]');

/** Waits for an outcome of this kind on the block page. */
export const outcome = (page, kind) => page.waitForSelector(`.outcome[data-kind="${kind}"]`);

/**
 * Answers the page's event stream once, with what the returned function is told; after that it stays
 * silent.
 */
export async function answerEvents(page) {
    let tell;
    const told = new Promise((resolve) => {
        tell = resolve;
    });
    let streams = 0;
    await page.route('**/v1/events', async (route) => {
        if (++streams > 1) return;
        await route.fulfill({ contentType: 'text/event-stream', body: await told });
    });
    return tell;
}
