//! Days from seconds.

/// `YYYY-MM-DD` in UTC, for years 0 to 9999; times outside are moved to the nearest end.
pub(super) fn day(seconds: i64) -> String {
    const YEAR_0: i64 = -62_167_219_200;
    const YEAR_9999: i64 = 253_402_300_799;
    let days = seconds.clamp(YEAR_0, YEAR_9999).div_euclid(86_400);
    // Howard Hinnant's `civil_from_days`: https://howardhinnant.github.io/date_algorithms.html
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(951_782_400), "2000-02-29");
        assert_eq!(day(1_700_000_000), "2023-11-14");
        assert_eq!(day(-1), "1969-12-31");
        assert_eq!(day(i64::MAX), "9999-12-31");
        assert_eq!(day(i64::MIN), "0000-01-01");
    }
}
