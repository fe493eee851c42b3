//! Values that several rules take where a field is not given.

use rota_core::calendar::Per;

pub(super) fn one() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
pub(super) fn is_one(number: &u32) -> bool {
    *number == 1
}

pub(super) fn each_week() -> Per {
    Per::Week
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
pub(super) fn is_each_week(per: &Per) -> bool {
    *per == Per::Week
}
