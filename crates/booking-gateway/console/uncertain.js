// The holds that nobody knows about: what makes this console worth opening at night. Each with its
// age, why it is uncertain, what was tried, and what to press.

import { get, holdPath, url } from './api.js';
import { announce, el, focusPlace, refill } from './dom.js';
import { number, rupiah, t } from './i18n.js';
import { latest } from './latest.js';
import { problemBox } from './problem.js';
import { actions } from './settle.js';
import { badge, isUncertain, legs, linkTo, stateWord, stateOf, why } from './states.js';
import { lastFacts } from './story.js';
import { age } from './time.js';

const PAGE = 500;
const MOST = 20 * PAGE;
const SHOWN = 20;

/** The section; `counted(n)` is called when the number of uncertain holds changes. */
export function uncertainSection(signal, counted) {
    const waiting = new Map();
    const cards = new Map();
    // What comes by event while a load is under way: it may be newer than the answer.
    const heard = new Map();
    let loading = false;
    const title = el('h2', { id: 'uncertain-title', tabindex: '-1' }, t('uncertain.title'));
    const list = el('ul', { class: 'cards' });
    const foot = el('div', {}, el('p', { class: 'small' }, t('loading')));
    const node = el(
        'section',
        { class: 'uncertain', 'aria-labelledby': 'uncertain-title' },
        title,
        list,
        foot,
    );
    let shown = SHOWN;
    let loaded = false;
    let told = -1;

    const load = latest(async () => {
        loading = true;
        try {
            const found = new Map();
            let cursor = null;
            do {
                const page = await get(
                    url('/v1/holds', { state: 'unsettled', order: 'oldest', limit: PAGE, cursor }),
                    signal,
                );
                for (const hold of page.holds) found.set(hold.partner_reference_no, hold);
                cursor = page.next;
            } while (cursor && found.size < MOST);
            waiting.clear();
            for (const hold of [...found.values(), ...heard.values()]) put(hold);
            loaded = true;
            for (const [reference, card] of cards)
                card.stale ||= waiting.get(reference)?.changed_at !== card.hold.changed_at;
            draw();
        } catch (error) {
            if (!signal.aborted)
                refill(foot, problemBox(error), el('button', { type: 'button', onclick: load }, t('again')));
        }
        loading = false;
        heard.clear();
    });

    function take(hold, kind) {
        const reference = hold.partner_reference_no;
        const was = waiting.get(reference);
        const settled = was && isUncertain(was) && !isUncertain(hold);
        if (loading) heard.set(reference, hold);
        put(hold);
        if (!loaded || (!was && !waiting.has(reference))) return;
        const card = cards.get(reference);
        if (card) card.stale = true;
        draw();
        if (settled) announce(t('settle.now', { reference, state: stateWord(stateOf(hold)) }));
        else if (kind === 'unknown' && !was) announce(t('uncertain.new', { reference }));
    }

    function put(hold) {
        if (isUncertain(hold) || hold.state === 'sending') waiting.set(hold.partner_reference_no, hold);
        else waiting.delete(hold.partner_reference_no);
    }

    function draw() {
        const all = [...waiting.values()]
            .filter(isUncertain)
            .sort((one, other) => Date.parse(one.begun_at) - Date.parse(other.begun_at));
        const wanted = all.slice(0, shown);
        const references = new Set(wanted.map((hold) => hold.partner_reference_no));
        for (const [reference, card] of cards) {
            if (!references.has(reference)) drop(reference, card);
        }
        let place = null;
        for (const hold of wanted) {
            const card = drawn(hold);
            const next = place ? place.nextSibling : list.firstChild;
            if (card.node !== next) list.insertBefore(card.node, next);
            place = card.node;
        }
        list.hidden = all.length === 0;
        refill(
            foot,
            all.length === 0 && el('p', { class: 'well' }, t('uncertain.none')),
            all.length > shown &&
                el(
                    'button',
                    {
                        type: 'button',
                        onclick: () => {
                            shown += SHOWN;
                            draw();
                        },
                    },
                    t('uncertain.more', { count: all.length - shown }),
                ),
        );
        node.classList.toggle('empty', all.length === 0);
        if (told !== all.length) counted((told = all.length));
    }

    // The focus of a card that goes away would be lost at the top of the page.
    function drop(reference, card) {
        const held = card.node.contains(document.activeElement);
        card.node.remove();
        cards.delete(reference);
        if (held) title.focus();
    }

    function drawn(hold) {
        const reference = hold.partner_reference_no;
        const known = cards.get(reference);
        if (known && !known.stale) return known;
        const made = card(hold, take);
        if (known) {
            const place = focusPlace(known.node);
            known.node.replaceWith(made.node);
            if (place >= 0) (made.node.querySelectorAll('a, button')[place] ?? title).focus();
        }
        cards.set(reference, made);
        tell(made, reference);
        return made;
    }

    async function tell(made, reference) {
        try {
            const hold = await get(holdPath(reference), signal);
            refill(made.tried, lastFacts(hold.story ?? []));
        } catch {
            if (!signal.aborted) refill(made.tried, el('p', { class: 'small' }, t('uncertain.no_story')));
        }
    }

    /** One second has passed: holds grow older, and a sending may have become too old. */
    function tick() {
        if (!loaded) return;
        for (const { age: place, hold } of cards.values()) place.textContent = age(hold.begun_at);
        let count = 0;
        for (const hold of waiting.values()) if (isUncertain(hold)) count++;
        if (count !== told) draw();
    }

    return { node, load, take, tick };
}

function card(hold, done) {
    const old = el('span', { class: 'age' }, age(hold.begun_at));
    const tried = el('div', { class: 'tried-list' }, el('p', { class: 'small quiet' }, t('loading')));
    const node = el(
        'li',
        { class: 'card', data: { reference: hold.partner_reference_no } },
        el(
            'div',
            { class: 'card-head' },
            badge(hold.state),
            el('h3', {}, el('a', { href: linkTo(hold.partner_reference_no) }, hold.partner_reference_no)),
            el('span', { class: 'since' }, t('uncertain.age'), ' ', old),
        ),
        el('p', { class: 'why' }, why(hold)),
        hold.message &&
            el(
                'p',
                { class: 'said' },
                t('hold.said'),
                ' ',
                el('q', {}, hold.message),
                hold.code && el('span', { class: 'small' }, ` (${hold.code})`),
            ),
        el(
            'p',
            { class: 'facts' },
            [
                ...legs(hold),
                rupiah(hold.selling_price),
                hold.tenant,
                t('uncertain.attempts', { count: hold.attempts, number: number(hold.attempts) }),
            ]
                .filter(Boolean)
                .join(' · '),
        ),
        el('h4', {}, t('uncertain.tried')),
        tried,
        el(
            'div',
            {
                class: 'buttons',
                role: 'group',
                'aria-label': t('uncertain.press', { reference: hold.partner_reference_no }),
            },
            actions(hold, (after) => done(after, 'settled')),
        ),
    );
    return { node, hold, tried, age: old, stale: false };
}
