//! Orders, legs, passengers, references and holds of bus seats: the rules, and nothing else.
