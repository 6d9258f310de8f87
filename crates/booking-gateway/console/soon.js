// The live holds that end in a few minutes, wherever they stand in the list.

import { get, url } from './api.js';
import { el, refill } from './dom.js';
import { t } from './i18n.js';
import { latest } from './latest.js';
import { SOON, isSoon, linkTo, shape, stateOf } from './states.js';
import { countdown, left } from './time.js';

const NEAREST = 200;
const LOOK_AGAIN = 60_000;
const SHOWN = 24;

/** The section; it is not there while nothing ends soon. */
export function soonSection(signal) {
    const known = new Map();
    const items = new Map();
    // What comes by event while a load is under way: it may be newer than the answer.
    const heard = new Map();
    let loading = false;
    const title = el('h2', { id: 'soon-title' });
    const list = el('ul', { class: 'soon-list' });
    const rest = el('p', { class: 'small' });
    const node = el(
        'section',
        { class: 'ending', 'aria-labelledby': 'soon-title', hidden: true },
        title,
        list,
        rest,
    );

    const load = latest(async () => {
        loading = true;
        try {
            const { holds } = await get(url('/v1/holds', { state: 'expiring', limit: NEAREST }), signal);
            known.clear();
            for (const hold of [...holds, ...heard.values()]) put(hold);
            tick();
        } catch {
            // The list below tells that the gateway cannot be asked; this is asked again in a minute.
        }
        loading = false;
        heard.clear();
    });

    function put(hold) {
        if (stateOf(hold) === 'held') known.set(hold.partner_reference_no, hold);
        else known.delete(hold.partner_reference_no);
    }

    function take(hold) {
        if (loading) heard.set(hold.partner_reference_no, hold);
        put(hold);
        items.get(hold.partner_reference_no)?.remove();
        items.delete(hold.partner_reference_no);
        tick();
    }

    function tick() {
        const ending = [];
        for (const [reference, hold] of known) {
            const time = left(hold);
            if (time !== null && time <= 0) known.delete(reference);
            else if (time !== null && time < SOON && isSoon(hold)) ending.push([reference, hold, time]);
        }
        ending.sort((one, other) => one[2] - other[2]);
        const shown = ending.slice(0, SHOWN);
        const references = new Set(shown.map(([reference]) => reference));
        for (const [reference, item] of items) {
            if (references.has(reference)) continue;
            item.remove();
            items.delete(reference);
        }
        for (const [reference, hold, time] of shown) {
            if (!items.has(reference)) items.set(reference, item(hold));
            items.get(reference).querySelector('.left').textContent = countdown(time);
        }
        const order = shown.map(([reference]) => items.get(reference));
        if (order.some((item, place) => list.children[place] !== item)) refill(list, order);
        title.textContent = t('soon.title', { count: ending.length });
        rest.textContent = ending.length > SHOWN ? t('soon.more', { count: ending.length - SHOWN }) : '';
        node.hidden = ending.length === 0;
    }

    const again = setInterval(load, LOOK_AGAIN);
    signal.addEventListener('abort', () => clearInterval(again));
    return { node, load, take, tick };
}

const item = (hold) =>
    el(
        'li',
        { data: { reference: hold.partner_reference_no } },
        el('a', { href: linkTo(hold.partner_reference_no) }, hold.partner_reference_no),
        ' ',
        el('span', { class: 'hurry' }, shape('expired'), el('span', { class: 'left' })),
    );
