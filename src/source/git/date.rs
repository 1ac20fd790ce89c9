//! Days from seconds.

use time::OffsetDateTime;

/// The day on a clock that is `offset` minutes ahead of UTC, `YYYY-MM-DD`; times outside of the years 0 to 9999 are moved
/// to the nearest end.
pub(in crate::source) fn day(seconds: i64, offset: i64) -> String {
    const YEAR_0: i64 = -62_167_219_200;
    const YEAR_9999: i64 = 253_402_300_799;
    let local = seconds.saturating_add(offset.saturating_mul(60)).clamp(YEAR_0, YEAR_9999);
    OffsetDateTime::from_unix_timestamp(local).unwrap_or(OffsetDateTime::UNIX_EPOCH).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day(0, 0), "1970-01-01");
        assert_eq!(day(951_782_400, 0), "2000-02-29");
        assert_eq!(day(1_700_000_000, 0), "2023-11-14");
        assert_eq!(day(-1, 0), "1969-12-31");
        assert_eq!(day(i64::MAX, 0), "9999-12-31");
        assert_eq!(day(i64::MIN, 0), "0000-01-01");
    }

    #[test]
    fn days_are_those_of_the_authors_clock() {
        // 2025-06-18 23:30 in UTC.
        assert_eq!(day(1_750_289_400, 0), "2025-06-18");
        assert_eq!(day(1_750_289_400, 60), "2025-06-19");
        assert_eq!(day(1_750_289_400, -420), "2025-06-18");
    }
}
