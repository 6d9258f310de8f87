// Sends an order, and finds out what became of it when the answer did not come. Whatever happens, it is
// the same order under the same reference.

import { Problem, call, get, holdPath } from './api.js';
import { el } from './dom.js';
import { t } from './i18n.js';
import { ofError, ofHold } from './outcome.js';
import { linkTo } from './states.js';

// A reload must not make anybody forget an order whose answer was not seen. Only its reference is kept.
const UNANSWERED = 'unanswered-reference';

/** Sends `order`, or the very same one again. It goes on when the page is left. `take(order, result)` hears of it. */
export async function attempt(order, take) {
    sessionStorage.setItem(UNANSWERED, order.sent.partner_reference_no);
    take(order, { kind: 'sending' });
    let result;
    try {
        result = ofHold((await call('POST', '/v1/holds', order.sent)).body);
    } catch (error) {
        result = ofError(error, order.doubt);
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

/** The answer was seen. */
export const forgetUnanswered = () => sessionStorage.removeItem(UNANSWERED);

/** A note on an order that was sent before a reload; `null` where there is none. */
export function unansweredNote() {
    const reference = sessionStorage.getItem(UNANSWERED);
    if (!reference) return null;
    return el(
        'p',
        { class: 'notice doubt' },
        t('block.unseen'),
        ' ',
        el('a', { href: linkTo(reference) }, reference),
    );
}
