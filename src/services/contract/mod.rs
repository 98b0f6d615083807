//! What a service must say of itself: its forms, its links, its faults, its prices, and what its model can do.

mod breakage;
pub(crate) mod fact;
pub mod inside;
mod link;
mod reference;
mod service;
mod settings;
mod spec;
mod usage;

pub use breakage::{Breakage, Dose, faults_for, faults_of_link};
pub use fact::Describe;
pub use link::{LINKS, LinkKind, LinkSpec, refusal};
pub use reference::{Owner, Reference, forget_in_lists, keeps_lists, rename_in_lists};
pub use service::{Metric, Service};
pub(super) use service::{duplicate, gone, lost, receive};
pub use settings::{Settings, attribute_text, is_true, whole_number};
pub use spec::{Family, Group, Property, PropertyKind, Spec, Strength};
pub(super) use spec::{knob, property};
pub(super) use usage::chunks;
pub use usage::{Billed, Usage};
