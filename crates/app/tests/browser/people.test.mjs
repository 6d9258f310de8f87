// Personal data is neither in the page nor asked for until somebody says why.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { CONTACT, PERSON, block, done, goTo, launch, onTrip, open, shot, test } from './browser.mjs';

onTrip(188342);

let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

const PRIVATE = [CONTACT.email, CONTACT.phone_number, PERSON.dob, PERSON.id_card_number, PERSON.name];

test('a hold shows its people only after a reason, which is recorded', async () => {
    const page = await open(browser);
    const { partner_reference_no: reference } = await block(page);
    const answers = [];
    page.on(
        'response',
        (response) => response.url().includes('/v1/holds') && answers.push(response.text().catch(() => '')),
    );
    await page.reload();
    await page.waitForSelector('.holds .row[data-reference]');
    await goTo(page, `#/hold/${reference}`);
    await page.waitForSelector('.people dd');
    const seen = `${await page.content()}${(await Promise.all(answers)).join('')}`;
    for (const value of PRIVATE) assert.ok(!seen.includes(value), `${value} is there too early`);
    assert.ok(answers.length >= 2);

    await page.getByRole('button', { name: 'Show personal data…' }).click();
    const dialog = page.locator('dialog');
    await dialog.getByRole('button', { name: 'Show' }).click();
    assert.equal(await dialog.locator('[aria-invalid=true]').count(), 1);
    await dialog.locator('textarea').fill('The traveller called about the seat.');
    await dialog.getByRole('button', { name: 'Show' }).click();
    await page.waitForSelector('.people table');
    for (const value of PRIVATE) assert.ok((await page.textContent('.people')).includes(value), value);
    await page.waitForSelector('.story [data-fact=disclosed]');
    assert.match(await page.textContent('.story'), /The traveller called about the seat\./);
    await shot(page, 'disclosed');

    await page.getByRole('button', { name: 'Hide' }).click();
    for (const value of PRIVATE) assert.ok(!(await page.content()).includes(value), `${value} stays`);
    await done(page);
});
