// The steps of a block, in their order.

import { el } from './dom.js';
import { t } from './i18n.js';

/** The steps so far, to go back to. */
export function stepList(order, go) {
    const all = ['search', 'trip0', 'seats0', ...(order.search.round ? ['trip1', 'seats1'] : []), 'people'];
    const at = all.indexOf(order.step);
    return el(
        'nav',
        { 'aria-label': t('block.steps'), class: 'steps' },
        el(
            'ol',
            {},
            all.map((step, index) =>
                el(
                    'li',
                    {},
                    index < at
                        ? el(
                              'button',
                              { type: 'button', class: 'plain', onclick: () => go(step) },
                              t(`block.step.${step}`),
                          )
                        : el(
                              'span',
                              { 'aria-current': index === at ? 'step' : null },
                              t(`block.step.${step}`),
                          ),
                ),
            ),
        ),
    );
}
