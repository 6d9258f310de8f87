//! The valid order.

use time::Date;

use super::leg::Leg;
use super::people::{Contact, Passenger};
use super::personal::parse_date;
use super::values::{PartnerReference, ProductCode, Rupiah, Tenant};
use super::warning::{Warning, warnings};

/// An order that keeps every rule: what a provider is asked to hold.
///
/// It can only be made from an [`OrderDraft`](crate::OrderDraft), so code that has one never
/// checks again. `Debug` shows trips and seats, and no personal value.
///
/// ```
/// use booking_domain::BlockOrder;
/// use booking_domain::PartnerReference;
/// use time::macros::date;
///
/// let document = br#"{
///     "product_code": "BUS", "selling_price": "20000",
///     "order_detail": {"name": "Pandu", "email": "pandu@example.co.id", "phone_number": "082122274139"},
///     "departure": {"trip_id": 188336, "passengers": [{"seat_name": "8", "name": "Pandu",
///         "dob": "1996-12-09", "gender": "male", "id_card_number": "31741009219923332"}]}
/// }"#;
/// let make_reference = || PartnerReference::new("order-7").unwrap();
/// let order = BlockOrder::from_json(document, date!(2026 - 11 - 24), make_reference).unwrap();
/// assert_eq!(order.reference().as_str(), "order-7");
/// assert!(order.return_leg().is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BlockOrder {
    pub(super) product_code: ProductCode,
    pub(super) selling_price: Rupiah,
    pub(super) reference: PartnerReference,
    pub(super) contact: Contact,
    pub(super) departure: Leg,
    pub(super) return_leg: Option<Leg>,
    pub(super) tenant: Option<Tenant>,
}

impl BlockOrder {
    /// Which product is sold.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.product_code().as_str(), "BUS");
    /// ```
    #[must_use]
    pub fn product_code(&self) -> &ProductCode {
        &self.product_code
    }

    /// What the traveller pays for the whole order: all passengers, both legs.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.selling_price().get(), 20_000);
    /// ```
    #[must_use]
    pub fn selling_price(&self) -> Rupiah {
        self.selling_price
    }

    /// The partner's number of this order.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.reference().as_str(), "1238");
    /// ```
    #[must_use]
    pub fn reference(&self) -> &PartnerReference {
        &self.reference
    }

    /// Who placed the order.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.contact().email().expose(), "pdputra@pvg.co.id");
    /// ```
    #[must_use]
    pub fn contact(&self) -> &Contact {
        &self.contact
    }

    /// The way there.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.departure().trip_id().get(), 188_336);
    /// ```
    #[must_use]
    pub fn departure(&self) -> &Leg {
        &self.departure
    }

    /// The way back, of a round trip.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert!(order.return_leg().is_none());
    /// ```
    #[must_use]
    pub fn return_leg(&self) -> Option<&Leg> {
        self.return_leg.as_ref()
    }

    /// The same order as that of a tenant. The tenant is part of what makes two orders the same,
    /// but neither of the order document nor of what the provider is sent.
    ///
    /// ```
    /// # use booking_domain::Tenant;
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// let of_acme = order.clone().with_tenant(Tenant::new("acme").unwrap());
    /// assert_ne!(of_acme, order);
    /// ```
    #[must_use]
    pub fn with_tenant(self, tenant: Tenant) -> Self {
        Self {
            tenant: Some(tenant),
            ..self
        }
    }

    /// Whose order it is, where several share one gateway.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert!(order.tenant().is_none());
    /// ```
    #[must_use]
    pub fn tenant(&self) -> Option<&Tenant> {
        self.tenant.as_ref()
    }

    /// One leg, or both.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.legs().count(), 1);
    /// ```
    pub fn legs(&self) -> impl Iterator<Item = &Leg> {
        std::iter::once(&self.departure).chain(self.return_leg.as_ref())
    }

    /// What looks mistaken in this order although no rule forbids it.
    ///
    /// ```
    /// # use booking_domain::OrderDraft;
    /// let mut draft = OrderDraft::sample();
    /// draft.departure.passengers[0].id_card_number = "3174100921992333".into(); // month 21
    /// let order = draft.check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.warnings()[0].path, "departure.passengers[0].id_card_number");
    /// ```
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        warnings(self)
    }

    /// Every personal text of the order but the genders, as it stands on the wire: what must be
    /// masked wherever a provider may have repeated it. To ask for one, there is
    /// [`is_personal_text`](Self::is_personal_text).
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert!(order.personal_texts().iter().any(|text| text == "1996-12-09"));
    /// ```
    #[must_use]
    pub fn personal_texts(&self) -> Vec<String> {
        let days = self.birth_dates().map(ToString::to_string);
        self.plain_texts().map(str::to_owned).chain(days).collect()
    }

    /// Whether `text` is one of the [`personal_texts`](Self::personal_texts), letter by letter. It
    /// copies none of them.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert!(order.is_personal_text("31741009219923332"));
    /// assert!(!order.is_personal_text("14429004"));
    /// ```
    #[must_use]
    pub fn is_personal_text(&self, text: &str) -> bool {
        self.plain_texts().any(|own| own == text)
            || parse_date(text).is_some_and(|day| self.birth_dates().any(|born| *born == day))
    }

    /// The personal texts that are kept as such.
    fn plain_texts(&self) -> impl Iterator<Item = &str> {
        let contact = [
            &self.contact.name,
            &self.contact.email,
            &self.contact.phone_number,
        ];
        let passengers = self
            .passengers()
            .flat_map(|passenger| [&passenger.name, &passenger.identity_number]);
        contact
            .into_iter()
            .chain(passengers)
            .map(|text| text.expose().as_str())
    }

    fn birth_dates(&self) -> impl Iterator<Item = &Date> {
        self.passengers()
            .map(|passenger| passenger.date_of_birth.expose())
    }

    fn passengers(&self) -> impl Iterator<Item = &Passenger> {
        self.legs().flat_map(Leg::passengers)
    }
}
