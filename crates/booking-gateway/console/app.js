// Starts the console, draws the frame around its pages, and shows the page that the address names.

import { blockPage, forgetOrder } from './block.js';
import { el, focusOn, refill } from './dom.js';
import { connect, disconnect, onStream, streamState } from './events.js';
import { holdPage } from './hold.js';
import { holdsPage } from './holds.js';
import { lang, onLang, setLang, t } from './i18n.js';
import { overviewPage } from './overview.js';
import { problemBox } from './problem.js';
import { begin, onSession, resume, session, signOut } from './session.js';
import { signInPage } from './signin.js';
import { setTheme, theme, themes } from './theme.js';
import { clock, everySecond, now } from './time.js';

const PAGES = { holds: holdsPage, hold: holdPage, block: blockPage, overview: overviewPage };
const NAVIGATION = ['holds', 'block', 'overview'];

const root = document.getElementById('app');
let framed = new AbortController();
let page = null;
let wasIn = false;

/** `#/hold/1238?x=y` as `{ name, argument, query }`; an address that names nothing is the holds. */
function route() {
    const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
    const [name, argument = ''] = path.split('/');
    return {
        name: Object.hasOwn(PAGES, name) ? name : 'holds',
        argument: decode(argument),
        query: new URLSearchParams(query),
    };
}

function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

/** Draws everything anew. The focus moves to the page's heading, except on the first view. */
function draw({ focus = true } = {}) {
    page?.abort();
    page = new AbortController();
    framed.abort();
    framed = new AbortController();
    const main = el('main', { id: 'main', tabindex: '-1' });
    refill(root, frame(), main);
    document.body.classList.toggle('alone', !session());
    if (!session()) {
        document.title = t('title', { page: t('signin.title') });
        signInPage(main, { ended: wasIn });
        if (focus) main.querySelector('input')?.focus();
        return;
    }
    show(main, focus);
}

/** Shows the page of the address in `main`. A page ends when its signal is aborted. */
function show(main, focus) {
    const where = route();
    PAGES[where.name](main, where, page.signal);
    document.title = t('title', { page: where.name === 'hold' ? where.argument : t(`nav.${where.name}`) });
    for (const link of root.querySelectorAll('nav a')) {
        if (link.dataset.page === where.name) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
    }
    scrollTo(0, 0);
    if (focus) focusOn(main.querySelector('h1'));
}

// Dialogs stand outside the frame, ask about what the page shows, and may show what only a session may see.
function closeDialogs() {
    for (const dialog of document.querySelectorAll('dialog')) dialog.close();
}

function navigate() {
    if (!session()) return;
    closeDialogs();
    page?.abort();
    page = new AbortController();
    const main = el('main', { id: 'main', tabindex: '-1' });
    document.getElementById('main').replaceWith(main);
    show(main, true);
}

function frame() {
    const who = session();
    return [
        el('a', { class: 'skip', href: '#main', onclick: skip }, t('skip')),
        who?.sandbox &&
            el(
                'div',
                { class: 'sandbox', role: 'note' },
                el('strong', {}, t('sandbox.name')),
                ' ',
                t('sandbox.text'),
            ),
        el(
            'header',
            { class: 'top' },
            el('span', { class: 'brand' }, t('brand')),
            who &&
                el(
                    'nav',
                    { 'aria-label': t('nav.label') },
                    NAVIGATION.map((name) =>
                        el('a', { href: `#/${name}`, data: { page: name } }, t(`nav.${name}`)),
                    ),
                ),
            el(
                'div',
                { class: 'tools' },
                who && stream(),
                who && serverClock(),
                choice(
                    'lang',
                    t('lang.label'),
                    [
                        ['en', 'English'],
                        ['id', 'Indonesia'],
                    ],
                    lang(),
                    setLang,
                ),
                choice(
                    'theme',
                    t('theme.label'),
                    themes.map((name) => [name, t(`theme.${name}`)]),
                    theme(),
                    setTheme,
                ),
                who && el('span', { class: 'who' }, who.name, who.tenant ? ` (${who.tenant})` : ''),
                who && el('button', { type: 'button', class: 'plain', onclick: signOut }, t('signout')),
            ),
        ),
    ];
}

// The address names a page, so the link may not change it.
function skip(event) {
    event.preventDefault();
    document.getElementById('main').focus();
}

function choice(name, label, options, value, then) {
    return el(
        'label',
        { class: 'pick' },
        el('span', { class: 'unseen' }, label),
        el(
            'select',
            { name, onchange: (event) => then(event.target.value) },
            options.map(([option, text]) =>
                el('option', { value: option, selected: option === value }, text),
            ),
        ),
    );
}

/** The time that all deadlines go by, wherever the operator's own clock stands. */
function serverClock() {
    const node = el('span', { class: 'now' });
    const update = () => {
        node.textContent = t('clock', { time: clock(new Date(now()).toISOString()) });
    };
    update();
    everySecond(framed.signal, update);
    return node;
}

/** Whether what is shown is kept up to date. */
function stream() {
    const node = el('span', { class: 'stream', role: 'status' });
    const update = () => {
        const state = streamState();
        node.dataset.state = state;
        node.textContent = t(`stream.${state}`);
    };
    update();
    onStream(framed.signal, update);
    return node;
}

function sessionChanged(what) {
    if (what === 'begun') {
        wasIn = true;
        connect();
    } else {
        closeDialogs();
        disconnect();
        forgetOrder();
    }
    draw();
}

async function start() {
    onSession(sessionChanged);
    onLang(() => {
        draw({ focus: false });
        root.querySelector('select[name=lang]').focus();
    });
    addEventListener('hashchange', navigate);
    try {
        if (await resume()) begin();
        else draw({ focus: true });
    } catch (error) {
        refill(
            root,
            el(
                'main',
                { id: 'main', class: 'lone' },
                el('h1', {}, t('brand')),
                problemBox(error),
                el(
                    'button',
                    { type: 'button', class: 'primary', onclick: () => location.reload() },
                    t('again'),
                ),
            ),
        );
    }
}

start();
