//! What a service must say of itself: its forms, its links, its faults, its prices, and what its model can do.

pub(super) mod breakage;
pub(crate) mod fact;
pub mod inside;
mod link;
mod reference;
mod service;
mod settings;
mod spec;
pub(super) mod usage;

pub use breakage::{Breakage, Dose, Frailty, faults_of_link};
pub use fact::Describe;
pub use link::{LINKS, LinkKind, LinkSpec, refusal};
pub use reference::{Owner, Reference, forget_in_lists, keeps_lists, rename_in_lists};
pub use service::{Metric, Service};
pub(super) use service::{deadlines, duplicate, gone, lost, receive, retire, rewired, struck};
pub use settings::{Settings, attribute_text, is_true, json_or_text, whole_number};
pub use spec::{Family, Group, Moved, Property, PropertyKind, Spec, Strength};
pub(super) use spec::{knob, property};
pub(super) use usage::chunks;
pub use usage::{PRICES_DATE, PRICES_REGION, Price, Usage};
