//! Amazon States Language's own small languages, as pure functions: paths, intrinsic functions and payload templates
//! (SFN-6, SFN-14). Time and chance are the caller's.

pub mod chance;
pub mod intrinsic;
pub mod path;
pub mod scope;
pub mod template;
