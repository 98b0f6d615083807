//! What the kernel runs: something that receives, wakes, and acts only through [`Cx`].

use std::hash::Hash;

use super::cx::Cx;
use super::fault::FaultKind;

/// An actor's index in its world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorId(pub u32);

impl ActorId {
    /// Whoever stands outside the world: a script, a person. What is sent there lies in the outbox.
    pub const OUTSIDE: Self = Self(u32::MAX);

    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The edge a signal travels on; [`LinkId::NONE`] for what uses no drawn edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

impl LinkId {
    pub const NONE: Self = Self(u32::MAX);
}

pub trait Actor: Clone + Sized {
    /// What one actor sends another.
    type Signal: Clone;
    /// What an actor sends its later self.
    type Timer: Clone;
    /// What can be seen to happen.
    type Fact: Clone + Hash;
    /// What all actors of a world share: the ledger, the routes.
    type Shared: Clone;

    /// A signal arrived.
    fn receive(&mut self, from: ActorId, signal: Self::Signal, cx: &mut Cx<'_, Self>);

    /// A timer of its own ran out.
    fn wake(&mut self, timer: Self::Timer, cx: &mut Cx<'_, Self>);

    /// A signal this actor sent did not arrive.
    fn lost(&mut self, to: ActorId, link: LinkId, signal: Self::Signal, why: FaultKind, cx: &mut Cx<'_, Self>);

    /// A fault begins or ends to strike this actor.
    fn struck(&mut self, fault: FaultKind, begins: bool, cx: &mut Cx<'_, Self>);

    /// The second copy of a signal that a fault duplicates, accounted for in `shared`; none of what cannot come twice.
    fn duplicate(signal: &Self::Signal, shared: &mut Self::Shared) -> Option<Self::Signal>;
}
