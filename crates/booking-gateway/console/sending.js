// Sends an order, and finds out what became of it when the answer did not come. Whatever happens, it is
// the same order under the same reference.

import { Problem, call, get, holdPath } from './api.js';
import { el } from './dom.js';
import { t } from './i18n.js';
import { ofError, ofHold } from './outcome.js';
import { linkTo } from './states.js';

// A reload must not make anybody forget an order whose answer was not seen. Only references are kept.
const UNANSWERED = 'unanswered-references';
const MOST = 20;

/** Sends `order`, or the very same one again. It goes on when the page is left. `take(order, result)` hears of it. */
export async function attempt(order, take) {
    const reference = order.sent.partner_reference_no;
    keep([...unanswered().filter((one) => one !== reference), reference]);
    take(order, { kind: 'sending' });
    let result;
    try {
        result = ofHold((await call('POST', '/v1/holds', order.sent)).body);
    } catch (error) {
        result = ofError(error, order.doubt);
        // Without a session nothing is taken, and the order is gone from here.
        if (error instanceof Problem && error.status === 401 && !order.doubt) forgetUnanswered(reference);
    }
    take(order, result);
    if (result.kind === 'lost' && !(result.error instanceof Problem)) await look(order, take);
}

/** Asks the gateway what it knows of the order. */
export async function look(order, take, focus = true) {
    try {
        take(order, ofHold(await get(holdPath(order.sent.partner_reference_no))), focus);
    } catch (error) {
        // Unknown there: it did not arrive, or has not yet. Only the same reference is safe.
        if (!(error instanceof Problem && error.status === 404)) take(order, { kind: 'lost', error }, focus);
    }
}

function unanswered() {
    try {
        const kept = JSON.parse(sessionStorage.getItem(UNANSWERED));
        return Array.isArray(kept) ? kept.map(String) : [];
    } catch {
        return [];
    }
}

const keep = (references) => sessionStorage.setItem(UNANSWERED, JSON.stringify(references.slice(-MOST)));

/** What became of the order was seen. */
export const forgetUnanswered = (reference) => keep(unanswered().filter((one) => one !== reference));

/** A note on orders that were sent before a reload; `null` where there is none. */
export function unansweredNote() {
    const references = unanswered();
    if (references.length === 0) return null;
    return el(
        'p',
        { class: 'notice doubt' },
        t('block.unseen'),
        references.map((reference) => [' ', el('a', { href: linkTo(reference) }, reference)]),
    );
}
