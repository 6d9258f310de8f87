// What happens in front of an operator without a reload, and what hostile text does: nothing.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { BASE, KEY, api, block, done, goTo, launch, onTrip, open, shot, test } from './browser.mjs';

onTrip(188341);

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

/** Changes holds in every answer of the list. */
const changing = (page, change) =>
    page.route(/\/v1\/holds\?/, async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        body.holds.forEach(change);
        await route.fulfill({ response, json: body });
    });

test('a hold turns to expired when its deadline passes', async () => {
    const page = await open(browser, { clock: true });
    const { partner_reference_no: reference } = await block(page);
    // The gateway's holds last longer than a test should: this one's end is brought near on its way.
    const { server_time } = (await api(page, 'GET', '/console/session')).body;
    const end = new Date(Date.parse(server_time) + 40_000).toISOString();
    await changing(page, (hold) => {
        if (hold.partner_reference_no === reference) hold.expires_at = end;
    });
    let loads = 0;
    page.on('load', () => {
        loads += 1;
    });
    await goTo(page, '#/overview');
    await goTo(page, '#/holds');
    const row = page.locator(`.holds .row[data-reference="${reference}"]`);
    await row.locator('.hurry .tag').waitFor();
    await page.locator(`.ending li[data-reference="${reference}"]`).waitFor();
    assert.equal(await row.getAttribute('data-state'), 'held');
    await shot(page, 'expiring');
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.clock.fastForward(41_000);
    await page.waitForSelector(`.holds .row[data-reference="${reference}"][data-state=expired]`);
    assert.match(await row.textContent(), /Expired/);
    await page.locator(`.ending li[data-reference="${reference}"]`).waitFor({ state: 'detached' });
    assert.equal(loads, 0);
    assert.deepEqual(
        asked.filter((url) => url.includes('/v1/holds')),
        [],
    );
    await done(page);
});

test('the server’s clock decides, not this machine’s', async () => {
    const page = await open(browser, { key: null });
    await page.context().addInitScript(() => {
        const real = Date.now;
        Date.now = () => real() + 3 * 3600_000;
    });
    await page.reload();
    await page.fill('#key', KEY);
    await page.keyboard.press('Enter');
    await page.waitForSelector('nav');
    const { partner_reference_no: reference } = await block(page);
    await page.waitForSelector(`.holds .row[data-reference="${reference}"][data-state=held]`);
    await done(page);
});

test('a change elsewhere redraws its row alone', async () => {
    const page = await open(browser);
    await page.waitForSelector('.stream[data-state=live]');
    const other = await open(browser);
    const { partner_reference_no: reference } = await block(other);
    const row = page.locator(`.holds .row[data-reference="${reference}"]`);
    await row.waitFor();
    // One of this test's own, since other tests change theirs.
    const { partner_reference_no: still } = await block(other);
    const neighbour = page.locator(`.holds .row[data-reference="${still}"][data-state=held]`);
    await neighbour.waitFor();
    await neighbour.evaluate((node) => {
        node.untouched = true;
    });
    await row.locator('a').focus();
    await api(other, 'POST', `/v1/holds/${reference}/ticket`, undefined);
    await page.waitForSelector(`.holds .row[data-reference="${reference}"][data-state=booked]`);
    assert.equal(await neighbour.evaluate((node) => node.untouched), true);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), reference);
    await done(page);
    await done(other);
});

test('a lost stream is told, and what was missed is looked up', async () => {
    const page = await open(browser, { clock: true });
    await page.waitForSelector('.stream[data-state=live]');
    // A reload begins a stream anew, and this one does not get through.
    await page.route('**/v1/events', (route) => route.fulfill({ status: 503 }));
    await page.reload();
    await page.waitForSelector('.stream[data-state=lost]');
    await page.waitForSelector('.holds .row[data-reference], .list-foot p');
    const { partner_reference_no: reference } = await block(page);
    const again = page.waitForRequest('**/v1/events');
    await page.clock.fastForward(30_000);
    await again;
    assert.equal(await page.locator(`.row[data-reference="${reference}"]`).count(), 0);
    await page.unrouteAll();
    await page.clock.fastForward(30_000);
    await page.waitForSelector('.stream[data-state=live]');
    await page.waitForSelector(`.holds .row[data-reference="${reference}"]`);
    await done(page);
});

test('a stream that ends and is begun anew is not told as lost', async () => {
    const page = await open(browser);
    let asked = 0;
    await page.route('**/v1/events', (route) => {
        asked += 1;
        if (asked > 1) return route.continue();
        return route.fulfill({ contentType: 'text/event-stream', body: 'retry: 300\nid: 0\n: ready\n\n' });
    });
    await page.addInitScript(() => {
        window.states = [];
        const look = () => {
            const state = document.querySelector('.stream')?.dataset.state;
            if (state && window.states.at(-1) !== state) window.states.push(state);
        };
        new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
    });
    await page.reload();
    await page.waitForSelector('.stream[data-state=live]');
    const { partner_reference_no: reference } = await block(page);
    await page.waitForSelector(`.holds .row[data-reference="${reference}"]`);
    assert.equal(asked, 2);
    assert.ok(!(await page.evaluate(() => window.states)).includes('lost'));
    await done(page);
});

test('markup from the provider is shown as text', async () => {
    const page = await open(browser);
    const { partner_reference_no: reference } = await block(page, { seat: 'USED' });
    const message = '<img src=x onerror="window.broken=1"><script>window.broken=1</script><b>free seats</b>';
    const spoil = (hold) => {
        if (hold.partner_reference_no !== reference) return;
        Object.assign(hold, { kind: '<i>odd</i>', message, code: '<u>1</u>', tenant: '<a href=//x>t</a>' });
        hold.story?.push({ at: hold.begun_at, fact: '<s>', text: message });
    };
    await changing(page, spoil);
    await page.route(`${BASE}/v1/holds/${reference}`, async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        spoil(body);
        await route.fulfill({ response, json: body });
    });
    // What the gateway itself finds out meanwhile would come by event, as it is.
    await page.route('**/v1/events', (route) => route.fulfill({ status: 503 }));
    await goTo(page, '#/holds');
    await page.reload();
    const card = page.locator(`.uncertain .card[data-reference="${reference}"]`);
    await card.locator('.tried li').first().waitFor();
    assert.equal(await card.locator('q').textContent(), message);
    assert.match(await card.locator('.why').textContent(), /<i>odd<\/i>/);
    await shot(page, 'hostile');
    await goTo(page, `#/hold/${reference}`);
    await page.waitForSelector('.story li');
    assert.ok((await page.textContent('main')).includes(message));
    for (const tag of ['img', 'script', 'b', 'i', 'u', 's'])
        assert.equal(await page.locator(`main ${tag}`).count(), 0, tag);
    assert.equal(await page.evaluate(() => window.broken), undefined);
    await done(page);
});
