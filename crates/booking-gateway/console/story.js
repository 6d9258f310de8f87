// The story of a hold: what was done and what was learned, one fact after the other.

import { el } from './dom.js';
import { has, t } from './i18n.js';
import { clock, stamp } from './time.js';

const word = (entry) => {
    const key = entry.fact === 'learned' && entry.source ? `source.${entry.source}` : `fact.${entry.fact}`;
    return has(key) ? t(key) : entry.fact;
};

// The gateway's texts are English, whatever the language of the page.
const text = (entry) => el('span', { lang: 'en' }, entry.text ?? '');

/** The whole story as a time line. */
export const timeLine = (story) =>
    el(
        'ol',
        { class: 'story' },
        story.map((entry) =>
            el(
                'li',
                { data: { fact: entry.fact } },
                el('time', { datetime: entry.at }, stamp(entry.at)),
                el('span', { class: 'fact' }, word(entry)),
                text(entry),
            ),
        ),
    );

/** The last facts, for a glance. */
export const lastFacts = (story, count = 3) =>
    el(
        'ul',
        { class: 'tried' },
        story
            .slice(-count)
            .map((entry) =>
                el('li', {}, el('time', { datetime: entry.at }, clock(entry.at)), ' ', text(entry)),
            ),
    );
