//! Where something was seen: exact coordinates, how far apart two are, and the cell of a fixed grid
//! by which neighbours are found.
//!
//! Coordinates are millionths of a degree, about a tenth of a metre. How long a degree is depends on
//! the latitude φ; on the ellipsoid of WGS 84 it is, in metres,
//!
//! - to the north 111132.954 − 559.822 cos 2φ + 1.175 cos 4φ,
//! - to the east 111412.84 cos φ − 93.5 cos 3φ + 0.118 cos 5φ.
//!
//! Both are reckoned here in whole millimetres, with cosines in whole thousand-millionths (a Taylor
//! series, exact to a few of them), for the latitude half way between the two points. The plane through
//! them is then taken for the ground: over 50 m the error stays below a millimetre, over a kilometre
//! below a decimetre. Nobody's position is known that well.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

names! {
    /// Which system coordinates belong to. The two lie up to 700 m apart in China, so only points of the
    /// same system can be compared.
    #[derive(Default)]
    Datum {
        /// 火星坐标: what `wx.getLocation({type: 'gcj02'})`, `wx.chooseLocation` and every map in China say.
        #[default]
        Gcj02 "gcj02",
        /// What satellites say.
        Wgs84 "wgs84",
    }
}

/// A point on the ground of China.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    datum: Datum,
    latitude_e6: i32,
    longitude_e6: i32,
}

/// The latitudes that China reaches, in millionths of a degree, with its seas.
pub const LATITUDES: RangeInclusive<i32> = 3_000_000..=54_000_000;
/// The longitudes that China reaches, in millionths of a degree.
pub const LONGITUDES: RangeInclusive<i32> = 73_000_000..=136_000_000;

/// How high a cell is, in millionths of a degree: 66 to 67 m.
const CELL_LATITUDE_E6: i64 = 600;
/// How wide a cell is: 89 m in the far south, 52 m in the far north, and so never narrower than 50 m.
const CELL_LONGITUDE_E6: i64 = 800;
/// More than there are cells from west to east, so that the number of a cell tells row and column.
const CELLS_A_ROW: i64 = 1_000_000;

/// One, for cosines.
const ONE: i128 = 1_000_000_000;
/// π × 10¹² ÷ 180: a degree in million-millionths of a radian.
const RADIANS_OF_DEGREE: i128 = 17_453_292_520;

impl Spot {
    /// A point, unless it lies outside of China: then the coordinates are swapped or made up.
    pub fn new(datum: Datum, latitude_e6: i32, longitude_e6: i32) -> Option<Self> {
        let there = LATITUDES.contains(&latitude_e6) && LONGITUDES.contains(&longitude_e6);
        there.then_some(Self { datum, latitude_e6, longitude_e6 })
    }

    /// The system of its coordinates.
    pub const fn datum(self) -> Datum {
        self.datum
    }

    /// Millionths of a degree to the north.
    pub const fn latitude_e6(self) -> i32 {
        self.latitude_e6
    }

    /// Millionths of a degree to the east.
    pub const fn longitude_e6(self) -> i32 {
        self.longitude_e6
    }

    /// How far apart two points are, in millimetres; none if their systems differ.
    pub fn millimetres_to(self, other: Self) -> Option<u64> {
        if self.datum != other.datum {
            return None;
        }
        let (lat, lng) = (i128::from(self.latitude_e6), i128::from(self.longitude_e6));
        let (other_lat, other_lng) =
            (i128::from(other.latitude_e6), i128::from(other.longitude_e6));
        let cos = cosine((lat + other_lat) / 2);
        // Millimetres a degree times millionths of a degree are millionths of a millimetre.
        let north = (lat - other_lat) * millimetres_of_latitude(cos);
        let east = (lng - other_lng) * millimetres_of_longitude(cos);
        let squared = north.unsigned_abs().pow(2) + east.unsigned_abs().pow(2);
        u64::try_from(squared.isqrt() / 1_000_000).ok()
    }

    /// Between which latitudes and longitudes, in millionths of a degree, everything lies that is not
    /// further away than so many metres; what lies there may still be further away.
    pub fn bounds(self, metres: u32) -> (RangeInclusive<i32>, RangeInclusive<i32>) {
        let (lat, lng) = (i128::from(self.latitude_e6), i128::from(self.longitude_e6));
        // Rounded up, and for the degrees that are shortest: to the north those at the equator, to the
        // east those at the northern edge.
        let steps = |degree: i128| i128::from(metres) * 1_000_000_000 / degree.max(1) + 1;
        let north = steps(millimetres_of_latitude(ONE));
        let east = steps(millimetres_of_longitude(cosine(lat + north)));
        let range = |middle: i128, steps: i128| {
            let bound = |n: i128| i32::try_from(n).unwrap_or(i32::MAX);
            bound(middle - steps)..=bound(middle + steps)
        };
        (range(lat, north), range(lng, east))
    }

    /// The number of the cell in which it lies.
    pub fn cell(self) -> i64 {
        let row = i64::from(self.latitude_e6) / CELL_LATITUDE_E6;
        let column = i64::from(self.longitude_e6) / CELL_LONGITUDE_E6;
        row * CELLS_A_ROW + column
    }

    /// Its cell and the eight around it. Whatever lies within [`NEAR_METRES`](super::NEAR_METRES) is
    /// in one of them, since no cell is narrower than that.
    pub fn cells_around(self) -> [i64; 9] {
        let middle = self.cell();
        let (up, down) = (middle + CELLS_A_ROW, middle - CELLS_A_ROW);
        [down - 1, down, down + 1, middle - 1, middle, middle + 1, up - 1, up, up + 1]
    }
}

/// The cosine of a latitude in millionths of a degree, in thousand-millionths.
fn cosine(latitude_e6: i128) -> i128 {
    let x = latitude_e6 * RADIANS_OF_DEGREE / ONE;
    let squared = x * x / ONE;
    // 1 − x²/2! + x⁴/4! − … + x¹²/12!, from the inside out. Below 54° the next term is under 10⁻¹⁰.
    let mut sum = ONE;
    for factor in [12 * 11, 10 * 9, 8 * 7, 6 * 5, 4 * 3, 2] {
        sum = ONE - squared * sum / ONE / factor;
    }
    sum
}

/// The cosine of `n` times the angle, from those of `n - 1` and `n - 2` times:
/// cos nφ = 2 cos φ cos (n − 1)φ − cos (n − 2)φ.
const fn next(cos: i128, one_less: i128, two_less: i128) -> i128 {
    2 * cos * one_less / ONE - two_less
}

fn millimetres_of_latitude(cos: i128) -> i128 {
    let two = next(cos, cos, ONE);
    let three = next(cos, two, cos);
    let four = next(cos, three, two);
    111_132_954 + (1_175 * four - 559_822 * two) / ONE
}

fn millimetres_of_longitude(cos: i128) -> i128 {
    let two = next(cos, cos, ONE);
    let three = next(cos, two, cos);
    let four = next(cos, three, two);
    let five = next(cos, four, three);
    (111_412_840 * cos - 93_500 * three + 118 * five) / ONE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::NEAR_METRES;

    fn spot(latitude_e6: i32, longitude_e6: i32) -> Spot {
        Spot::new(Datum::Gcj02, latitude_e6, longitude_e6).unwrap()
    }

    /// Published lengths of a degree on WGS 84, in metres: latitude, to the north, to the east.
    const DEGREES: [(i128, i128, i128); 4] = [
        (15, 110_649, 107_550),
        (30, 110_852, 96_486),
        (45, 111_132, 78_847),
        (60, 111_412, 55_800),
    ];

    #[test]
    fn a_degree_is_as_long_as_the_tables_say() {
        for (latitude, north, east) in DEGREES {
            let cos = cosine(latitude * 1_000_000);
            let near =
                |millimetres: i128, metres: i128| (millimetres - metres * 1_000).abs() < 1_000;
            assert!(near(millimetres_of_latitude(cos), north), "{latitude}");
            assert!(near(millimetres_of_longitude(cos), east), "{latitude}");
        }
    }

    #[test]
    fn cosines_are_right_to_a_few_thousand_millionths() {
        let known = [
            (0, 1_000_000_000_i128),
            (3, 998_629_535),
            (26, 898_794_046),
            (40, 766_044_443),
            (54, 587_785_252),
        ];
        for (degrees, cos) in known {
            assert!((cosine(degrees * 1_000_000) - cos).abs() <= 20, "{degrees}");
        }
    }

    #[test]
    fn fifty_metres_are_fifty_metres_at_any_latitude_of_china() {
        for (latitude, _, _) in DEGREES.into_iter().filter(|(latitude, ..)| *latitude < 54) {
            let latitude_e6 = i32::try_from(latitude * 1_000_000).unwrap();
            let here = spot(latitude_e6, 104_000_000);
            let cos = cosine(latitude * 1_000_000);
            // As many millionths of a degree as make 50 m, rounded down, and one more.
            for (steps, within) in [(0, true), (1, false)] {
                let north = i32::try_from(50_000_000_000 / millimetres_of_latitude(cos)).unwrap();
                let east = i32::try_from(50_000_000_000 / millimetres_of_longitude(cos)).unwrap();
                for there in [
                    spot(latitude_e6 + north + steps, 104_000_000),
                    spot(latitude_e6, 104_000_000 + east + steps),
                ] {
                    let apart = here.millimetres_to(there).unwrap();
                    assert_eq!(apart <= NEAR_METRES * 1_000, within, "{latitude} {apart}");
                    assert!(apart.abs_diff(50_000) < 120, "{latitude} {apart}");
                    assert_eq!(there.millimetres_to(here), Some(apart));
                }
            }
        }
    }

    #[test]
    fn what_is_near_lies_in_one_of_the_nine_cells_and_neighbours_are_found_across_their_edges() {
        // Steps that meet every edge, at both ends of the country and in between.
        for latitude_e6 in [3_000_600, 26_541_234, 39_999_999, 53_559_000] {
            for step in 0..40 {
                let here = spot(latitude_e6 + step * 37, 104_712_345 + step * 41);
                for (north, east) in
                    [(449, 0), (-449, 0), (0, 448), (0, -448), (300, 300), (-300, -300)]
                {
                    let there = spot(here.latitude_e6 + north, here.longitude_e6 + east);
                    let near = here.millimetres_to(there).unwrap() <= NEAR_METRES * 1_000;
                    let found = here.cells_around().contains(&there.cell());
                    assert!(found || !near, "{here:?} {there:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_near_lies_within_the_bounds_and_these_are_not_much_wider() {
        for latitude_e6 in [3_500_000, 26_541_234, 39_999_999, 53_000_000] {
            for metres in [100_u32, 5_000, 50_000] {
                let here = spot(latitude_e6, 104_712_345);
                let (lats, lngs) = here.bounds(metres);
                let apart = |lat: i32, lng: i32| here.millimetres_to(spot(lat, lng)).unwrap();
                let most = u64::from(metres) * 1_000;
                for (lat, lng) in [
                    (lats.end() + 1, 104_712_345),
                    (lats.start() - 1, 104_712_345),
                    (latitude_e6, lngs.end() + 1),
                    (*lats.end(), lngs.end() + 1),
                    (*lats.start(), lngs.start() - 1),
                ] {
                    assert!(apart(lat, lng) > most, "{latitude_e6} {metres} {lat} {lng}");
                }
                let edge = apart(latitude_e6, *lngs.end());
                assert!(edge < most * 102 / 100 + 200, "{latitude_e6} {metres} {edge}");
            }
        }
    }

    #[test]
    fn no_cell_is_narrower_than_what_is_near() {
        for latitude in [3, 54] {
            let cos = cosine(latitude * 1_000_000);
            let near = i128::from(NEAR_METRES) * 1_000;
            assert!(
                millimetres_of_longitude(cos) * i128::from(CELL_LONGITUDE_E6) / 1_000_000 > near
            );
            assert!(millimetres_of_latitude(cos) * i128::from(CELL_LATITUDE_E6) / 1_000_000 > near);
        }
    }

    #[test]
    fn systems_are_not_mixed_and_what_lies_elsewhere_is_no_place() {
        let one = spot(26_541_234, 104_712_345);
        let other = Spot::new(Datum::Wgs84, 26_541_234, 104_712_345).unwrap();
        assert_eq!(one.millimetres_to(other), None);
        assert_eq!(Spot::new(Datum::Gcj02, 104_712_345, 26_541_234), None);
        assert_eq!(Spot::new(Datum::Gcj02, 0, 0), None);
    }
}
