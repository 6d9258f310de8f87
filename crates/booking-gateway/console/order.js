// The order that the block page fills in, and what was sent of it. It lives in this page's memory
// alone: people's data is written to no storage of the browser.

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 20;

/** A reference of 100 random bits, without letters that look alike. */
export function newReference() {
    const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
    return `W-${[...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
}

/** An order in which nothing was chosen. */
export function freshOrder() {
    return {
        step: 'search',
        search: { from: null, to: null, date: '', back: '', seats: 1, round: false },
        legs: [freshLeg(), freshLeg()],
        contact: {},
        people: [[], []],
        samePeople: true,
        selling_price: '',
        suggested: '',
        reference: newReference(),
        sent: null,
        result: null,
    };
}

export const freshLeg = () => ({ trip: null, map: null, picked: [] });

/** What the picked seats cost together; `null` where a price was not stated. */
export function total(order) {
    let sum = 0;
    for (const leg of wantedLegs(order)) {
        for (const name of leg.picked) {
            const price = leg.map?.seats.find((seat) => seat.name === name)?.price;
            if (price === null || price === undefined) return null;
            sum += price;
        }
    }
    return sum;
}

/** Suggests the seats' price, unless another was entered. */
export function suggestPrice(order) {
    const sum = total(order);
    const suggestion = sum === null ? '' : String(sum);
    if (order.selling_price === order.suggested) order.selling_price = suggestion;
    order.suggested = suggestion;
}

const wantedLegs = (order) => (order.search.round ? order.legs : order.legs.slice(0, 1));

/** The order document, in the given document's names. */
export function orderDocument(order) {
    const leg = (index) => ({
        trip_id: order.legs[index].trip.trip_id,
        passengers: order.legs[index].picked.map((seat_name, place) => {
            const person = order.people[index === 1 && order.samePeople ? 0 : index][place] ?? {};
            return {
                seat_name,
                name: person.name ?? '',
                dob: person.dob ?? '',
                gender: person.gender ?? '',
                id_card_number: person.id_card_number ?? '',
            };
        }),
    });
    const { name = '', email = '', phone_number = '' } = order.contact;
    return {
        product_code: 'BUS',
        selling_price: order.selling_price.trim(),
        partner_reference_no: order.reference.trim(),
        order_detail: { name, email, phone_number },
        departure: leg(0),
        return: order.search.round ? leg(1) : null,
    };
}
