//! One list out of several rooms: `gather! { into: of_this of_that }` calls `into!` with what the macros
//! `of_this!` and `of_that!` hold, in this order. A table that grew too long to read lies so in a
//! file an area, and is still one enum that the compiler knows whole.

macro_rules! gather {
    ($into:ident : $first:ident $($next:ident)*) => { $first! { $into [$($next)*] } };
    ($into:ident [] $($gathered:tt)*) => { $into! { $($gathered)* } };
    ($into:ident [$first:ident $($next:ident)*] $($gathered:tt)*) => {
        $first! { $into [$($next)*] $($gathered)* }
    };
}
