//! What a request to an address means.

use super::super::hosts;
use super::super::packages::Purpose;
use super::EffectKind;

/// What asking this address comes to, and whose it is: `https://api.openai.com/v1/…` lets a model work. Enough if the
/// text begins with the host.
pub fn of_url(url: &str) -> Option<(EffectKind, &'static str)> {
    let service = hosts::find(url).map(|found| found.service).find(|service| !service.call)?;
    let kind = match service.is {
        Purpose::Ai => EffectKind::Llm,
        Purpose::Payment => EffectKind::Payment,
        Purpose::Messaging => {
            if ["twilio", "vonage", "plivo", "telnyx", "messagebird", "zenvia", "whatsapp", "ultramsg"]
                .contains(&service.id.as_str())
            {
                EffectKind::Sms
            } else if ["slack", "discord", "telegram", "onesignal", "expo-push", "fcm"]
                .contains(&service.id.as_str())
            {
                EffectKind::Push
            } else {
                EffectKind::Email
            }
        }
        Purpose::Storage => EffectKind::Storage,
        _ => return None,
    };
    Some((kind, &service.id))
}
