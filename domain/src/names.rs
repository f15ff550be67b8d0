//! Enums of values that have a name in API and database, the same everywhere.

macro_rules! names {
    ($($(#[$doc:meta])* $enum:ident { $($(#[$what:meta])* $name:ident $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $enum { $($(#[$what])* $name,)* }

        impl $enum {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in API and database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The value of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == name)
            }
        }
    )*};
}
