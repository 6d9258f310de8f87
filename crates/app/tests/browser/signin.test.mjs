// Who may come in, and that nobody is told more than that.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { BASE, KEY, CONTACT, api, done, fillIn, goTo, launch, onTrip, open, shot, test } from './browser.mjs';

onTrip(188342);

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

test('a wrong key is told at its field, and lets nobody in', async () => {
    const page = await open(browser, { key: null });
    await page.fill('#key', 'hello');
    await page.keyboard.press('Enter');
    assert.match(await page.textContent('#key-fault'), /begins with sbk_/);
    await page.fill('#key', 'sbk_none_0000000000000000');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() =>
        document.querySelector('#key-fault').textContent.includes('does not know this key'),
    );
    assert.equal(await page.getAttribute('#key', 'aria-invalid'), 'true');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'key');
    assert.equal(await page.locator('nav').count(), 0);
    await shot(page, 'wrong-key');
    await done(page);
});

test('a session outlives a reload, the key does not stay, and signing out ends it', async () => {
    const page = await open(browser);
    await page.reload();
    await page.waitForSelector('.holds .row[role=row]');
    const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    assert.ok(!kept.includes(KEY.slice(-12)) && !kept.includes('sbk_'), kept);
    assert.ok(!(await page.content()).includes(KEY));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForSelector('#key');
    assert.equal(await page.evaluate(async () => (await fetch('/v1/holds')).status), 401);
    await done(page);
});

test('signing out that does not reach the gateway says so, and can be repeated', async () => {
    const page = await open(browser);
    await page.route('**/console/session', (route) =>
        route.request().method() === 'DELETE' ? route.abort() : route.fallback(),
    );
    await page.getByRole('button', { name: 'Sign out' }).click();
    const told = page.locator('form.signin [role=alert]', { hasText: 'was not reached' });
    await told.waitFor();
    assert.equal(await page.locator('nav').count(), 0);
    assert.equal(await page.evaluate(async () => (await fetch('/v1/holds')).status), 200);
    // In vain once more, in another language: it stays said.
    await page.locator('select[name=lang]').selectOption('id');
    const again = page.getByRole('button', { name: 'Coba keluar lagi' });
    await again.focus();
    await page.keyboard.press('Enter');
    await page.locator('form.signin [role=alert]', { hasText: 'tidak terjangkau' }).waitFor();
    await page.waitForFunction(() => !document.querySelector('[aria-busy]'));
    assert.ok(await again.evaluate((button) => document.activeElement === button));
    await shot(page, 'still-signed-in');
    await page.unroute('**/console/session');
    await page.keyboard.press('Enter');
    await page.locator('form.signin .notice', { hasText: 'sudah keluar. Masuk' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'key');
    assert.equal(await page.evaluate(async () => (await fetch('/v1/holds')).status), 401);
    await done(page);
});

test('a session that ends at the gateway takes the order and its people along', async () => {
    const page = await open(browser);
    await fillIn(page);
    await api(page, 'DELETE', '/console/session');
    await goTo(page, '#/overview');
    await page.waitForSelector('#key');
    assert.match(await page.textContent('form.signin'), /signed out/);
    await page.fill('#key', KEY);
    await page.keyboard.press('Enter');
    // Where one was, there one is again.
    await page.waitForSelector('.figures');
    await goTo(page, '#/block');
    await page.waitForSelector('#from');
    assert.equal(await page.inputValue('#from'), '');
    assert.ok(!(await page.content()).includes(CONTACT.email));
    await done(page);
});

test('each module is named in the page, so that none is waited for in turn', async () => {
    const page = await open(browser);
    const [named, loaded] = await page.evaluate(() => [
        [...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.href),
        performance
            .getEntriesByType('resource')
            .map(({ name }) => name)
            .filter((name) => name.endsWith('.js') && !/\/(app|early)\.js$/.test(name)),
    ]);
    assert.deepEqual([...new Set(loaded)].sort(), named.sort());
    await done(page);
});

test('the frame is locked: policy, no frames, nothing from elsewhere', async () => {
    const page = await open(browser, { key: null });
    const answer = await page.request.get(`${BASE}/console/`);
    const policy = answer.headers()['content-security-policy'];
    for (const rule of [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ])
        assert.ok(policy.includes(rule), rule);
    assert.ok(!/unsafe/.test(policy), policy);
    // That the policy is in force, and would be heard of here.
    const told = page.waitForEvent('console');
    await page.evaluate(() =>
        document.body.append(
            Object.assign(document.createElement('script'), { textContent: 'window.broken = true' }),
        ),
    );
    await told;
    assert.equal(await page.evaluate(() => window.broken), undefined);
    assert.equal(page.faults.length, 1);
    page.faults.length = 0;
    await done(page);
});
