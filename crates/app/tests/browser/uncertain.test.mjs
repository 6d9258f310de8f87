// Holds that nobody knows about: how they come to the operator, and how they are settled.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { block, done, fillIn, goTo, launch, onTrip, open, outcome, send, shot, test } from './browser.mjs';

onTrip(188343);

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

test('a cut connection is unknown, offers no other reference, and is settled by asking again', async () => {
    const page = await open(browser);
    const reference = await fillIn(page, 'CUT');
    // What the gateway settles by itself would end this test's question before it is asked.
    await page.route('**/v1/events', (route) => route.abort());
    await send(page);
    await outcome(page, 'unknown');
    assert.match(await page.textContent('.outcome .notice.doubt'), /no other reference/);
    assert.deepEqual(await page.locator('.outcome button').allTextContents(), [
        'Ask again…',
        'Look what is known',
    ]);
    assert.equal(await page.locator('.outcome input, .steps button').count(), 0);
    await shot(page, 'unknown');
    await page.getByRole('button', { name: 'Ask again…' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Ask again…' }).click();
    await outcome(page, 'held');
    assert.equal(await page.textContent('.outcome .ref-line a'), reference);
    await done(page);
});

test('a new unknown hold comes to the top of an open page, and an operator’s word settles it', async () => {
    const page = await open(browser);
    await page.waitForSelector('.stream[data-state=live]');
    const other = await open(browser);
    // A reference that Klikoo says it has seen: its history shows nothing, so nobody but a person knows.
    const answer = await block(other, { seat: 'USED' });
    assert.equal(answer.outcome, 'unknown');
    const { partner_reference_no: reference } = answer;
    const card = page.locator(`.uncertain .card[data-reference="${reference}"]`);
    await card.waitFor();
    assert.match(await card.locator('.why').textContent(), /seen this reference before/);
    assert.match(await card.locator('.age').textContent(), /\d/);
    await card.locator('.tried li').first().waitFor();
    await card.getByRole('button', { name: 'Declare not held…' }).click();
    const dialog = page.locator('dialog');
    await dialog.getByRole('button', { name: 'Nothing is held' }).click();
    // Without a reason nothing is declared.
    assert.equal(await dialog.locator('[aria-invalid=true]').count(), 1);
    await shot(page, 'declare-not-held');
    await dialog.locator('textarea').fill('Told so on the phone by the provider.');
    await dialog.getByRole('button', { name: 'Nothing is held' }).click();
    await card.waitFor({ state: 'detached' });
    await page.waitForSelector(`.row[data-reference="${reference}"][data-state="expired"]`);
    // The focus did not fall back to the top of the page.
    assert.ok(await page.evaluate(() => document.activeElement !== document.body));
    await goTo(page, `#/hold/${reference}`);
    await page.waitForSelector('.story li');
    assert.match(await page.textContent('.story'), /Told so on the phone/);
    await done(page);
    await done(other);
});
