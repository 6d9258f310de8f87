//! What a search for trips asks for: nothing that a provider could not mean.

use booking_domain::ProductCode;
use booking_domain::limits::PASSENGERS_MAX;
use time::Date;

use crate::places::PlaceId;

/// Trips on a page, unless told otherwise.
const LIMIT: u32 = 20;

/// Most trips on a page.
pub const TRIPS_LIMIT_MAX: u32 = 100;

/// The last page that can be asked for: nobody reads on so far.
pub const TRIPS_PAGE_MAX: u32 = 1_000;

/// A page of the trips from one place to another on a day, with so many seats free.
///
/// ```
/// use booking_domain::ProductCode;
/// use booking_ports::TripQuery;
/// use time::macros::date;
///
/// let product = ProductCode::new("BUS").unwrap();
/// let (from, to) = ("city:1".parse().unwrap(), "location:102".parse().unwrap());
/// let query = TripQuery::new(product, from, to, date!(2026 - 11 - 26), 2).unwrap();
/// assert_eq!((query.page(), query.limit()), (1, 20));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TripQuery {
    product: ProductCode,
    from: PlaceId,
    to: PlaceId,
    date: Date,
    seats: u32,
    page: u32,
    limit: u32,
}

/// Why trips cannot be asked for so.
///
/// ```
/// use booking_ports::TripQueryError;
///
/// assert!(TripQueryError::Seats { seats: 0 }.to_string().contains("1 to 40"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TripQueryError {
    /// No seat, or more than a leg may have passengers.
    #[error("{seats} seats cannot be asked for; an order has 1 to {PASSENGERS_MAX} passengers")]
    Seats {
        /// How many were wanted.
        seats: u32,
    },
    /// A page that there is not.
    #[error("there is no page {page}; pages count from 1, and the last is {TRIPS_PAGE_MAX}")]
    Page {
        /// Which was wanted.
        page: u32,
    },
    /// No trip on a page, or too many.
    #[error("{limit} trips on a page cannot be asked for; 1 to {TRIPS_LIMIT_MAX} can")]
    Limit {
        /// How many were wanted.
        limit: u32,
    },
    /// A day that no calendar of a provider has.
    #[error("the date has a year of more or less than four digits; write it as 2026-11-26")]
    Date,
}

impl TripQuery {
    /// The first page, of 20 trips, for `seats` passengers.
    ///
    /// # Errors
    ///
    /// [`TripQueryError::Seats`]: not 1 to 40. [`TripQueryError::Date`]: not a year of 1000 to 9999.
    ///
    /// ```
    /// use booking_domain::ProductCode;
    /// use booking_ports::{TripQuery, TripQueryError};
    /// use time::macros::date;
    ///
    /// let product = ProductCode::new("BUS").unwrap();
    /// let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// let error = TripQuery::new(product, from, to, date!(2026 - 11 - 26), 41).unwrap_err();
    /// assert_eq!(error, TripQueryError::Seats { seats: 41 });
    /// ```
    pub fn new(
        product: ProductCode,
        from: PlaceId,
        to: PlaceId,
        date: Date,
        seats: u32,
    ) -> Result<Self, TripQueryError> {
        if !(1..=PASSENGERS_MAX).contains(&(seats as usize)) {
            return Err(TripQueryError::Seats { seats });
        }
        if !(1_000..=9_999).contains(&date.year()) {
            return Err(TripQueryError::Date);
        }
        Ok(Self {
            product,
            from,
            to,
            date,
            seats,
            page: 1,
            limit: LIMIT,
        })
    }

    /// Another page of the same trips.
    ///
    /// # Errors
    ///
    /// [`TripQueryError::Page`]: not 1 to 1000.
    ///
    /// ```
    /// # use booking_domain::ProductCode;
    /// # use booking_ports::TripQuery;
    /// # let product = ProductCode::new("BUS").unwrap();
    /// # let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// # let query = TripQuery::new(product, from, to, time::macros::date!(2026 - 11 - 26), 2).unwrap();
    /// assert_eq!(query.clone().with_page(2).unwrap().page(), 2);
    /// assert!(query.with_page(0).is_err());
    /// ```
    pub fn with_page(mut self, page: u32) -> Result<Self, TripQueryError> {
        if !(1..=TRIPS_PAGE_MAX).contains(&page) {
            return Err(TripQueryError::Page { page });
        }
        self.page = page;
        Ok(self)
    }

    /// So many trips on a page.
    ///
    /// # Errors
    ///
    /// [`TripQueryError::Limit`]: not 1 to 100.
    ///
    /// ```
    /// # use booking_domain::ProductCode;
    /// # use booking_ports::TripQuery;
    /// # let product = ProductCode::new("BUS").unwrap();
    /// # let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// # let query = TripQuery::new(product, from, to, time::macros::date!(2026 - 11 - 26), 2).unwrap();
    /// assert_eq!(query.clone().with_limit(100).unwrap().limit(), 100);
    /// assert!(query.with_limit(101).is_err());
    /// ```
    pub fn with_limit(mut self, limit: u32) -> Result<Self, TripQueryError> {
        if !(1..=TRIPS_LIMIT_MAX).contains(&limit) {
            return Err(TripQueryError::Limit { limit });
        }
        self.limit = limit;
        Ok(self)
    }
}

/// What is asked for.
impl TripQuery {
    /// What is sold.
    ///
    /// ```
    /// # use booking_domain::ProductCode;
    /// # use booking_ports::TripQuery;
    /// # let product = ProductCode::new("BUS").unwrap();
    /// # let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// # let query = TripQuery::new(product, from, to, time::macros::date!(2026 - 11 - 26), 2).unwrap();
    /// assert_eq!(query.product().to_string(), "BUS");
    /// ```
    #[must_use]
    pub fn product(&self) -> &ProductCode {
        &self.product
    }

    /// Where passengers get on.
    ///
    /// ```
    /// # use booking_domain::ProductCode;
    /// # use booking_ports::TripQuery;
    /// # let product = ProductCode::new("BUS").unwrap();
    /// # let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// # let query = TripQuery::new(product, from, to, time::macros::date!(2026 - 11 - 26), 2).unwrap();
    /// assert_eq!(query.from().to_string(), "city:1");
    /// ```
    #[must_use]
    pub fn from(&self) -> &PlaceId {
        &self.from
    }

    /// Where passengers get off.
    ///
    /// ```
    /// # use booking_domain::ProductCode;
    /// # use booking_ports::TripQuery;
    /// # let product = ProductCode::new("BUS").unwrap();
    /// # let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// # let query = TripQuery::new(product, from, to, time::macros::date!(2026 - 11 - 26), 2).unwrap();
    /// assert_eq!(query.to().to_string(), "city:2");
    /// ```
    #[must_use]
    pub fn to(&self) -> &PlaceId {
        &self.to
    }

    /// The day of departure.
    ///
    /// ```
    /// # use booking_domain::ProductCode;
    /// # use booking_ports::TripQuery;
    /// # let product = ProductCode::new("BUS").unwrap();
    /// # let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// # let query = TripQuery::new(product, from, to, time::macros::date!(2026 - 11 - 26), 2).unwrap();
    /// assert_eq!(query.date().to_string(), "2026-11-26");
    /// ```
    #[must_use]
    pub fn date(&self) -> Date {
        self.date
    }

    /// How many seats have to be free: 1 to 40.
    ///
    /// ```
    /// # use booking_domain::ProductCode;
    /// # use booking_ports::TripQuery;
    /// # let product = ProductCode::new("BUS").unwrap();
    /// # let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// # let query = TripQuery::new(product, from, to, time::macros::date!(2026 - 11 - 26), 2).unwrap();
    /// assert_eq!(query.seats().to_string(), "2");
    /// ```
    #[must_use]
    pub fn seats(&self) -> u32 {
        self.seats
    }

    /// Which page, from 1.
    ///
    /// ```
    /// # use booking_domain::ProductCode;
    /// # use booking_ports::TripQuery;
    /// # let product = ProductCode::new("BUS").unwrap();
    /// # let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// # let query = TripQuery::new(product, from, to, time::macros::date!(2026 - 11 - 26), 2).unwrap();
    /// assert_eq!(query.page().to_string(), "1");
    /// ```
    #[must_use]
    pub fn page(&self) -> u32 {
        self.page
    }

    /// How many trips are on a page: 1 to 100.
    ///
    /// ```
    /// # use booking_domain::ProductCode;
    /// # use booking_ports::TripQuery;
    /// # let product = ProductCode::new("BUS").unwrap();
    /// # let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
    /// # let query = TripQuery::new(product, from, to, time::macros::date!(2026 - 11 - 26), 2).unwrap();
    /// assert_eq!(query.limit().to_string(), "20");
    /// ```
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit
    }
}

#[cfg(test)]
mod tests {
    use booking_domain::ProductCode;
    use time::macros::date;
    use time::{Date, Month};

    use super::{TripQuery, TripQueryError};

    fn query(date: Date, seats: u32) -> Result<TripQuery, TripQueryError> {
        let product = ProductCode::new("BUS").unwrap();
        let (from, to) = ("city:1".parse().unwrap(), "city:2".parse().unwrap());
        TripQuery::new(product, from, to, date, seats)
    }

    #[test]
    fn every_bound_is_kept_on_both_sides() {
        let day = date!(2026 - 11 - 26);
        for seats in [1, 40] {
            assert_eq!(query(day, seats).unwrap().seats(), seats);
        }
        for seats in [0, 41, u32::MAX] {
            assert_eq!(query(day, seats), Err(TripQueryError::Seats { seats }));
        }
        for year in [1_000, 9_999] {
            let day = Date::from_calendar_date(year, Month::January, 1).unwrap();
            assert!(query(day, 1).is_ok(), "{year}");
        }
        for year in [-1, 999] {
            let day = Date::from_calendar_date(year, Month::January, 1).unwrap();
            assert_eq!(query(day, 1), Err(TripQueryError::Date), "{year}");
        }
        let query = query(day, 1).unwrap();
        for page in [1, 1_000] {
            assert_eq!(query.clone().with_page(page).unwrap().page(), page);
        }
        for page in [0, 1_001] {
            let error = query.clone().with_page(page).unwrap_err();
            assert_eq!(error, TripQueryError::Page { page });
        }
        for limit in [1, 100] {
            assert_eq!(query.clone().with_limit(limit).unwrap().limit(), limit);
        }
        for limit in [0, 101] {
            let error = query.clone().with_limit(limit).unwrap_err();
            assert_eq!(error, TripQueryError::Limit { limit });
        }
    }
}
