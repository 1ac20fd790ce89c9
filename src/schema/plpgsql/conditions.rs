//! Names of errors (`plerrcodes.h`).

/// Whether an error is one that a handler names.
pub(super) fn matches(condition: &str, code: &str) -> bool {
    match condition {
        "others" => !matches!(code, "57014" | "P0004"),
        name => match code_of(name) {
            Some(known) if known.ends_with("000") => code.starts_with(known.get(..2).unwrap_or_default()),
            Some(known) => known == code,
            None => name.eq_ignore_ascii_case(code),
        },
    }
}

/// The code of an error's name.
pub(super) fn code_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "feature_not_supported" => "0A000",
        "invalid_grant_operation" => "0LP01",
        "data_exception" => "22000",
        "invalid_parameter_value" => "22023",
        "invalid_text_representation" => "22P02",
        "integrity_constraint_violation" => "23000",
        "not_null_violation" => "23502",
        "foreign_key_violation" => "23503",
        "unique_violation" => "23505",
        "check_violation" => "23514",
        "exclusion_violation" => "23P01",
        "dependent_objects_still_exist" => "2BP01",
        "invalid_schema_name" => "3F000",
        "syntax_error_or_access_rule_violation" => "42000",
        "insufficient_privilege" => "42501",
        "syntax_error" => "42601",
        "duplicate_column" => "42701",
        "ambiguous_column" => "42702",
        "undefined_column" => "42703",
        "undefined_object" => "42704",
        "duplicate_object" => "42710",
        "duplicate_alias" => "42712",
        "duplicate_function" => "42723",
        "ambiguous_function" => "42725",
        "grouping_error" => "42803",
        "datatype_mismatch" => "42804",
        "wrong_object_type" => "42809",
        "invalid_foreign_key" => "42830",
        "cannot_coerce" => "42846",
        "undefined_function" => "42883",
        "reserved_name" => "42939",
        "undefined_table" => "42P01",
        "undefined_parameter" => "42P02",
        "duplicate_database" => "42P04",
        "duplicate_schema" => "42P06",
        "duplicate_table" => "42P07",
        "invalid_column_reference" => "42P10",
        "invalid_function_definition" => "42P13",
        "invalid_table_definition" => "42P16",
        "invalid_object_definition" => "42P17",
        "indeterminate_datatype" => "42P18",
        "object_not_in_prerequisite_state" => "55000",
        "object_in_use" => "55006",
        "lock_not_available" => "55P03",
        "internal_error" => "XX000",
        "plpgsql_error" => "P0000",
        "raise_exception" => "P0001",
        "no_data_found" => "P0002",
        "too_many_rows" => "P0003",
        "assert_failure" => "P0004",
        "division_by_zero" => "22012",
        _ => return None,
    })
}

/// A code as the program knows it, so that it outlives the text it was read from.
pub(super) fn known_code(text: &str) -> &'static str {
    if let Some(code) = code_of(text) {
        return code;
    }
    const CODES: [&str; 12] = [
        "23505", "23503", "23502", "23514", "42501", "42704", "42710", "42P01", "42P07", "22023", "0A000",
        "P0002",
    ];
    CODES.into_iter().find(|code| code.eq_ignore_ascii_case(text)).unwrap_or("P0001")
}
