//! What must stand in a text for the patterns of the mask to match. Looking for that is cheaper than to ask a pattern, and a
//! pattern that is never asked is never compiled: most repositories need one or two.

use std::sync::LazyLock;

use super::search::Prefixes;

/// What every value begins with that `mask::PREFIX` matches, or a part of that.
const PREFIXES: &[&str] = &[
    "k_live_",
    "k_test_",
    "whsec_",
    "sk-",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "glrt-",
    "glptt-",
    "glcbt-",
    "glsoat-",
    "xox",
    "xapp-",
    "sb_secret_",
    "sb_publishable_",
    "sbp_",
    "gsk_",
    "pplx-",
    "phc_",
    "phx_",
    "sntrys_",
    "sntryu_",
    "lin_api_",
    "lin_oauth_",
    "ntn_",
    "_v1_",
    "vca_",
    "vcp_",
    "vci_",
    "vcr_",
    "vck_",
    "vercel_blob_rw_",
    "pscale_",
    "napi_",
    "npg_",
    "pcsk_",
    "lsv2_",
    "GOCSPX-",
    "cfk_",
    "cfut_",
    "cfat_",
    "shpat_",
    "shpss_",
    "shpca_",
    "shppa_",
    "dckr_pat_",
    "pypi-",
    "ya29.",
    "tvly-",
    "tskey-",
    "hvs.",
    "glsa_",
    "nfp_",
    "AIza",
    "AKIA",
    "ASIA",
    "ABIA",
    "ACCA",
    "SG.",
    "re_",
    "r8_",
    "hf_",
    "npm_",
    "rnd_",
    "xai-",
    "fc-",
    "key-",
    "AQ.",
    "secret_",
    "fw_",
    "SK",
    "FlyV1 ",
];

/// Whether a prefix of a provider stands in the text.
pub(super) fn has_prefix(text: &str) -> bool {
    static FINDER: LazyLock<Prefixes> = LazyLock::new(|| Prefixes::new(PREFIXES.iter().copied()));
    let mut found = false;
    FINDER.find(text.as_bytes(), 0..text.len(), |_, _| {
        found = true;
        false
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::hir::literal::Extractor;

    #[test]
    fn every_prefix_of_the_mask_is_known() {
        let hir = regex_syntax::parse(super::super::mask::PREFIX.as_str()).unwrap();
        let begins = Extractor::new().extract(&hir);
        let begins = begins.literals().expect("a list");
        assert!(begins.len() > 80, "{}", begins.len());
        for literal in begins {
            let text = String::from_utf8(literal.as_bytes().to_vec()).unwrap();
            assert!(has_prefix(&format!("a {text}abc1234")), "{text}");
        }
        assert!(!has_prefix("nothing that a provider gives out"));
    }
}
