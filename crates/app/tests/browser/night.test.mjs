// A page that stays open for a night: it keeps so many holds, and all that nobody knows about.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { answerEvents, done, launch, open, shot, test } from './browser.mjs';

const KEPT = 1000;
const LOADED = 100;
const CAME = 1500;
const UNSURE = 50;

const began = Date.now() - 3_600_000;
const at = (milliseconds) => new Date(milliseconds).toISOString();
const reference = (index) => `NIGHT-${String(index).padStart(5, '0')}`;

/** The hold of this number; a higher one was begun later. */
const hold = (index, state = index === UNSURE ? 'unknown' : 'booked') => ({
    partner_reference_no: reference(index),
    outcome: state,
    state,
    tenant: null,
    transaction_id: null,
    expires_at: null,
    selling_price: '20000',
    legs: [{ trip_id: 188_336, seats: ['8'] }],
    attempts: 1,
    begun_at: at(began + index * 1000),
    changed_at: at(began + index * 1000),
    kind: null,
    message: null,
    booking: null,
    unsettled: state === 'unknown',
});

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

test('a night of new holds leaves so many rows, the uncertain ones among them', async () => {
    const page = await open(browser, { key: null });
    let there = LOADED;
    const asked = [];
    await page.route(/\/v1\/holds\?/, (route) => {
        const query = new URL(route.request().url()).searchParams;
        if (query.get('state')) return route.fulfill({ json: { holds: [], next: null } });
        const start = Number(query.get('cursor') ?? there);
        const end = Math.max(0, start - Number(query.get('limit')));
        asked.push(start);
        const holds = Array.from({ length: start - end }, (_, index) => hold(start - 1 - index));
        return route.fulfill({ json: { holds, next: end > 0 ? String(end) : null } });
    });
    const tell = await answerEvents(page);
    await page.fill('#key', process.env.CONSOLE_KEY);
    await page.keyboard.press('Enter');
    await page.locator(`.row[data-reference="${reference(LOADED - 1)}"]`).waitFor();

    there = LOADED + CAME;
    const event = (one, id) => `event: changed\nid: ${id}\ndata: ${JSON.stringify(one)}\n\n`;
    const night = Array.from({ length: CAME }, (_, index) => event(hold(LOADED + index), index + 1));
    // What was put away is not brought back by a change, unless it became uncertain.
    const later = { changed_at: at(began + 9_999_000), attempts: 2 };
    night.push(event({ ...hold(LOADED - 1), ...later }, there), event({ ...hold(10, 'unknown'), ...later }, there + 1));
    // The last is the sign that all were taken.
    night.push(event({ ...hold(there - 1, 'refused'), ...later }, there + 2));
    tell(`retry: 600000\n\n${night.join('')}`);
    await page.locator(`.row[data-reference="${reference(there - 1)}"][data-state=refused]`).waitFor();

    const seen = () =>
        page.evaluate(() => ({
            rows: [...document.querySelectorAll('.group .row')].map((row) => row.dataset.reference),
            largest: Math.max(...[...document.querySelectorAll('.group')].map((group) => group.childElementCount)),
            empty: document.querySelectorAll('.group:empty').length,
        }));
    const inOrder = (rows) => {
        assert.deepEqual(rows, [...new Set(rows)].sort().reverse());
        return rows;
    };
    const first = await seen();
    inOrder(first.rows);
    assert.equal(first.rows.length, KEPT);
    assert.ok(first.largest <= 100 && first.empty === 0, JSON.stringify([first.largest, first.empty]));
    for (const [index, kept] of [[UNSURE, true], [10, true], [LOADED - 1, false], [there - KEPT + 2, true], [there - KEPT, false]])
        assert.equal(first.rows.includes(reference(index)), kept, reference(index));
    const line = page.locator('.list-foot .put-away');
    assert.match(await line.textContent(), /keeps 1,000 holds; 601 further down were put away/);
    const before_ = asked.length;
    await line.scrollIntoViewIfNeeded();
    await shot(page, 'night');
    // Nothing comes back by itself, not even where it would be seen.
    await page.waitForTimeout(500);
    assert.equal(asked.length, before_);

    // One press reaches what was put away, though all above it is there, and whatever comes meanwhile.
    await page.evaluate(() => {
        IntersectionObserver.prototype.observe = () => {};
    });
    const more = page.locator('.list-foot button');
    await more.click();
    await page.locator(`.row[data-reference="${reference(there - KEPT)}"]`).waitFor();
    await line.waitFor({ state: 'detached' });
    while ((await more.count()) > 0) {
        await page.evaluate(() => document.querySelector('.list-foot button')?.click());
        await page.waitForTimeout(30);
    }
    const all = inOrder((await seen()).rows);
    assert.equal(all.length, there);
    await done(page);
});
