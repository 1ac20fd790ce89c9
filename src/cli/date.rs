//! Days. `--date` is the only clock; without it, today in UTC.

use time::OffsetDateTime;
use time::macros::format_description;

use super::Stop;

/// Today in UTC, `YYYY-MM-DD`.
pub fn today() -> String {
    OffsetDateTime::now_utc().date().to_string()
}

/// The day that `--date` gives.
pub fn parse(given: &str) -> Result<String, Stop> {
    match time::Date::parse(given, format_description!("[year]-[month]-[day]")) {
        Ok(date) => Ok(date.to_string()),
        Err(_) => Err(Stop::usage(format!("error: --date takes a day as YYYY-MM-DD, not `{given}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_are_refused() {
        assert_eq!(parse("2026-02-28").unwrap(), "2026-02-28");
        for wrong in ["2026-02-30", "2026-2-3", "yesterday", "20260228", ""] {
            assert!(parse(wrong).unwrap_err().message.contains("YYYY-MM-DD"), "{wrong}");
        }
    }
}
