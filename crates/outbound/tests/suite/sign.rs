//! Signatures against the published vector and the specification's own library.

use frontdesk_outbound::HeaderMap;
use frontdesk_outbound::sign::{BadSecret, Secret, headers, signature};
use proptest::prelude::*;
use standardwebhooks::Webhook;

const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[test]
fn the_published_vector() {
    let secrets = [SECRET.parse().unwrap()];
    let signed = signature(ID, 1_614_265_330, br#"{"test": 2432232314}"#, &secrets);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

/// The library takes deliveries of some minutes alone.
#[expect(clippy::disallowed_methods, reason = "the library asks the clock, too")]
fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}

/// Whether the library takes a delivery.
fn verifies(secret: &str, id: &str, timestamp: i64, body: &[u8], signing: &[Secret]) -> bool {
    let pairs = headers(id, timestamp, body, signing);
    let map: HeaderMap = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    Webhook::new(secret).unwrap().verify(body, &map).is_ok()
}

proptest! {
    #[test]
    fn the_library_verifies_what_is_signed(id in "msg_[A-Za-z0-9]{1,40}", off in -200_i64..200, body in any::<String>(), one in any::<[u8; 32]>(), two in any::<[u8; 32]>()) {
        prop_assume!(one != two);
        let at = now() + off;
        let [one, two] = [one, two].map(Secret::new);
        prop_assert!(verifies(&one.reveal(), &id, at, body.as_bytes(), std::slice::from_ref(&one)));
        prop_assert!(!verifies(&two.reveal(), &id, at, body.as_bytes(), std::slice::from_ref(&one)));
        for receiver in [&one, &two] {
            prop_assert!(verifies(&receiver.reveal(), &id, at, body.as_bytes(), &[one.clone(), two.clone()]), "while the secrets change");
        }
    }

    #[test]
    fn a_secret_is_read_as_it_is_shown(random in any::<[u8; 32]>()) {
        let shown = Secret::new(random).reveal();
        prop_assert!(shown.starts_with("whsec_") && shown.len() == 50);
        prop_assert_eq!(shown.parse::<Secret>().unwrap().reveal(), shown);
    }
}

#[test]
fn what_is_no_secret() {
    for text in [
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8G!YqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==",
        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ] {
        assert_eq!(text.parse::<Secret>().unwrap_err(), BadSecret, "{text}");
    }
    let of = |bytes: usize| format!("whsec_{}", "AAAA".repeat(bytes / 3));
    assert!(of(24).parse::<Secret>().is_ok() && of(63).parse::<Secret>().is_ok());
    assert!(of(21).parse::<Secret>().is_err() && of(66).parse::<Secret>().is_err());
    assert_eq!(format!("{:?}", SECRET.parse::<Secret>().unwrap()), "Secret(…)");
}
