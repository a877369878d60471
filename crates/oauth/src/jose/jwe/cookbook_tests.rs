//! RFC 7520 §5: what the cookbook encrypts, as far as it is made of what is offered here. However the key of a content came
//! to its recipient, the content itself is encrypted in one of two ways; and one key is agreed on as we do it.

use super::content::seal;
use super::tests::{Reader, b64};
use super::*;

/// What is encrypted everywhere.
const TEXT: &str = "You can trust us to stick with you through thick and thin–to the bitter end. And you can trust us to keep any secret of yours–closer than you keep it yourself. But you cannot trust us to let you face trouble alone, and go off without a word. We are your friends, Frodo.";

/// A content of the cookbook: where it stands, how it is encrypted, and what with.
struct Content {
    section: &'static str,
    enc: JweEnc,
    cek: &'static str,
    iv: &'static str,
    header: &'static str,
    ciphertext: &'static str,
    tag: &'static str,
}

const CONTENTS: [Content; 4] = [
    Content {
        section: "5.1",
        enc: JweEnc::A128CbcHs256,
        cek: "3qyTVhIWt5juqZUCpfRqpvauwB956MEJL2Rt-8qXKSo",
        iv: "bbd5sTkYwhAIqfHsx8DayA",
        header: "eyJhbGciOiJSU0ExXzUiLCJraWQiOiJmcm9kby5iYWdnaW5zQGhvYmJpdG9uLmV4YW1wbGUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0",
        ciphertext: "0fys_TY_na7f8dwSfXLiYdHaA2DxUjD67ieF7fcVbIR62JhJvGZ4_FNVSiGc_raa0HnLQ6s1P2sv3Xzl1p1l_o5wR_RsSzrS8Z-wnI3Jvo0mkpEEnlDmZvDu_k8OWzJv7eZVEqiWKdyVzFhPpiyQU28GLOpRc2VbVbK4dQKPdNTjPPEmRqcaGeTWZVyeSUvf5k59yJZxRuSvWFf6KrNtmRdZ8R4mDOjHSrM_s8uwIFcqt4r5GX8TKaI0zT5CbL5Qlw3sRc7u_hg0yKVOiRytEAEs3vZkcfLkP6nbXdC_PkMdNS-ohP78T2O6_7uInMGhFeX4ctHG7VelHGiT93JfWDEQi5_V9UN1rhXNrYu-0fVMkZAKX3VWi7lzA6BP430m",
        tag: "kvKuFBXHe5mQr4lqgobAUg",
    },
    Content {
        section: "5.2",
        enc: JweEnc::A256Gcm,
        cek: "mYMfsggkTAm0TbvtlFh2hyoXnbEzJQjMxmgLN3d8xXA",
        iv: "-nBoKLH0YkLZPSI9",
        header: "eyJhbGciOiJSU0EtT0FFUCIsImtpZCI6InNhbXdpc2UuZ2FtZ2VlQGhvYmJpdG9uLmV4YW1wbGUiLCJlbmMiOiJBMjU2R0NNIn0",
        ciphertext: "o4k2cnGN8rSSw3IDo1YuySkqeS_t2m1GXklSgqBdpACm6UJuJowOHC5ytjqYgRL-I-soPlwqMUf4UgRWWeaOGNw6vGW-xyM01lTYxrXfVzIIaRdhYtEMRBvBWbEwP7ua1DRfvaOjgZv6Ifa3brcAM64d8p5lhhNcizPersuhw5f-pGYzseva-TUaL8iWnctc-sSwy7SQmRkfhDjwbz0fz6kFovEgj64X1I5s7E6GLp5fnbYGLa1QUiML7Cc2GxgvI7zqWo0YIEc7aCflLG1-8BboVWFdZKLK9vNoycrYHumwzKluLWEbSVmaPpOslY2n525DxDfWaVFUfKQxMF56vn4B9QMpWAbnypNimbM8zVOw",
        tag: "UCGiqJxhBI3IFVdPalHHvA",
    },
    Content {
        section: "5.5",
        enc: JweEnc::A128CbcHs256,
        cek: "hzHdlfQIAEehb8Hrd_mFRhKsKLEzPfshfXs9l6areCc",
        iv: "yc9N8v5sYyv3iGQT926IUg",
        header: "eyJhbGciOiJFQ0RILUVTIiwia2lkIjoibWVyaWFkb2MuYnJhbmR5YnVja0BidWNrbGFuZC5leGFtcGxlIiwiZXBrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoibVBVS1RfYkFXR0hJaGcwVHBqanFWc1AxclhXUXVfdndWT0hIdE5rZFlvQSIsInkiOiI4QlFBc0ltR2VBUzQ2ZnlXdzVNaFlmR1RUMElqQnBGdzJTUzM0RHY0SXJzIn0sImVuYyI6IkExMjhDQkMtSFMyNTYifQ",
        ciphertext: "BoDlwPnTypYq-ivjmQvAYJLb5Q6l-F3LIgQomlz87yW4OPKbWE1zSTEFjDfhU9IPIOSA9Bml4m7iDFwA-1ZXvHteLDtw4R1XRGMEsDIqAYtskTTmzmzNa-_q4F_evAPUmwlO-ZG45Mnq4uhM1fm_D9rBtWolqZSF3xGNNkpOMQKF1Cl8i8wjzRli7-IXgyirlKQsbhhqRzkv8IcY6aHl24j03C-AR2le1r7URUhArM79BY8soZU0lzwI-sD5PZ3l4NDCCei9XkoIAfsXJWmySPoeRb2Ni5UZL4mYpvKDiwmyzGd65KqVw7MsFfI_K767G9C9Azp73gKZD0DyUn1mn0WW5LmyX_yJ-3AROq8p1WZBfG-ZyJ6195_JGG2m9Csg",
        tag: "WCCkNa-x4BeB9hIDIfFuhg",
    },
    Content {
        section: "5.7",
        enc: JweEnc::A128CbcHs256,
        cek: "UWxARpat23nL9ReIj4WG3D1ee9I4r-Mv5QLuFXdy_rE",
        iv: "gz6NjyEFNm_vm8Gj6FwoFQ",
        header: "eyJhbGciOiJBMjU2R0NNS1ciLCJraWQiOiIxOGVjMDhlMS1iZmE5LTRkOTUtYjIwNS0yYjRkZDFkNDMyMWQiLCJ0YWciOiJrZlBkdVZRM1QzSDZ2bmV3dC0ta3N3IiwiaXYiOiJLa1lUMEdYXzJqSGxmcU5fIiwiZW5jIjoiQTEyOENCQy1IUzI1NiJ9",
        ciphertext: "Jf5p9-ZhJlJy_IQ_byKFmI0Ro7w7G1QiaZpI8OaiVgD8EqoDZHyFKFBupS8iaEeVIgMqWmsuJKuoVgzR3YfzoMd3GxEm3VxNhzWyWtZKX0gxKdy6HgLvqoGNbZCzLjqcpDiF8q2_62EVAbr2uSc2oaxFmFuIQHLcqAHxy51449xkjZ7ewzZaGV3eFqhpco8o4DijXaG5_7kp3h2cajRfDgymuxUbWgLqaeNQaJtvJmSMFuEOSAzw9Hdeb6yhdTynCRmu-kqtO5Dec4lT2OMZKpnxc_F1_4yDJFcqb5CiDSmA-psB2k0JtjxAj4UPI61oONK7zzFIu4gBfjJCndsZfdvG7h8wGjV98QhrKEnR7xKZ3KCr0_qR1B-gxpNk3xWU",
        tag: "DKW7jrb4WaRSNfbXVPlT5g",
    },
];

// §5.5: the key of Meriadoc Brandybuck, and the one that was made for this content alone.
const MERRY: [&str; 3] = [
    "Ze2loSV3wrroKUN_4zhwGhCqo3Xhu1td4QjeQ5wIVR0",
    "HlLtdXARY_f55A3fnzQbPcm6hgr34Mp8p-nuzQCE0Zw",
    "r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8",
];
const EPHEMERAL: [&str; 3] = [
    "mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA",
    "8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs",
    "AtH35vJsQ9SGjYfOsjUxYXQKrPH3FjZHmEtSKoSN8cM",
];

fn private(d: &str) -> PrivateKey {
    PrivateKey::from_private_key(&ECDH_P256, &b64(d)).unwrap()
}

#[test]
fn the_contents_are_encrypted_as_they_are_in_the_cookbook() {
    for content in CONTENTS {
        let cek: [u8; 32] = b64(content.cek).try_into().unwrap();
        let (iv, header) = (b64(content.iv), content.header.as_bytes());
        let (ciphertext, tag) = seal(content.enc, &Zeroizing::new(cek), (&iv, header), TEXT.as_bytes()).unwrap();
        assert_eq!((ciphertext, tag), (b64(content.ciphertext), b64(content.tag)), "{}", content.section);
    }
}

#[test]
fn the_key_is_agreed_on_as_it_is_in_the_cookbook() {
    let ([x, y, _], [own_x, own_y, own]) = (MERRY, EPHEMERAL);
    let (key, epk) = agreed(&private(own), (x, y), JweEnc::A128CbcHs256).unwrap();
    let content = CONTENTS.iter().find(|content| content.section == "5.5").unwrap();
    assert_eq!(key.to_vec(), b64(content.cek));
    assert_eq!(epk, json!({ "kty": "EC", "crv": "P-256", "x": own_x, "y": own_y }));
}

/// Who reads what we encrypt, in the other tests, reads what others did.
#[test]
fn the_recipient_of_these_tests_reads_what_the_cookbook_encrypted() {
    let content = CONTENTS.iter().find(|content| content.section == "5.5").unwrap();
    let token = [content.header, "", content.iv, content.ciphertext, content.tag].join(".");
    let (header, text) = Reader::Ec(private(MERRY[2])).read(&token);
    assert_eq!((header["kid"].as_str(), text.as_str()), (Some("meriadoc.brandybuck@buckland.example"), TEXT));
}
