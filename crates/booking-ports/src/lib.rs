//! What a booking system asks of a seat provider: traits, errors by meaning, mocks and conformance suites.
