//! Documents that are no order by their form.

mod document;
mod fields;
