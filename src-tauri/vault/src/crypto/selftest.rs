//! Known answers of every primitive, asked once a process before any vault is touched.

use std::sync::OnceLock;

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use hkdf::Hkdf;
use sha2::Sha256;

use super::seal;
use crate::Error;

/// A primitive's name, and whether it gives its published answer.
type Test = (&'static str, fn() -> bool);

/// Fails when a primitive does not give its published answer. Later calls cost nothing.
pub(crate) fn run() -> Result<(), Error> {
    static FAILED: OnceLock<Option<&'static str>> = OnceLock::new();
    let failed = FAILED.get_or_init(|| {
        let tests: [Test; 4] = [
            ("XChaCha20-Poly1305", xchacha),
            ("HKDF-SHA256", hkdf_sha256),
            ("Argon2id", argon2id),
            ("BLAKE3", blake3_keyed),
        ];
        tests.into_iter().find(|(_, test)| !test()).map(|(name, _)| name)
    });
    failed.map_or(Ok(()), |primitive| Err(Error::SelfTest { primitive }))
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok()).unwrap_or(0);
    hex.as_bytes()
        .as_chunks::<2>()
        .0
        .iter()
        .map(|[high, low]| digit(*high) << 4 | digit(*low))
        .collect()
}

/// draft-irtf-cfrg-xchacha-03, A.3.1; both ways of opening.
fn xchacha() -> bool {
    let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
        for the future, sunscreen would be it.";
    let key: [u8; 32] = std::array::from_fn(|at| 0x80 + u8::try_from(at).unwrap_or(0));
    let data = bytes("50515253c0c1c2c3c4c5c6c7");
    let mut blob = bytes(
        "404142434445464748494a4b4c4d4e4f5051525354555657\
         bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb\
         731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452\
         2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
         21f9664c97637da9768812f615c68b13b52e\
         c0875924c1c7987947deafd8780acf49",
    );
    let slow = seal::open(&key, &data, &blob).is_some_and(|opened| *opened == plain);
    let Some(len) = seal::open_in_place(&key, &data, &mut blob) else { return false };
    let fast = blob.get(seal::NONCE..seal::NONCE + len) == Some(plain);
    let mut changed = blob.clone();
    if let Some(last) = changed.last_mut() {
        *last ^= 1;
    }
    slow && fast && seal::open(&key, &data, &changed).is_none()
}

/// RFC 5869, A.1.
fn hkdf_sha256() -> bool {
    let (salt, input) = (bytes("000102030405060708090a0b0c"), [0x0b; 22]);
    let mut output = [0; 42];
    let done = Hkdf::<Sha256>::new(Some(&salt), &input)
        .expand(&bytes("f0f1f2f3f4f5f6f7f8f9"), &mut output);
    let known =
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
    done.is_ok() && output.as_slice() == bytes(known)
}

/// RFC 9106, 5.3.
fn argon2id() -> bool {
    let Ok(data) = AssociatedData::new(&[4; 12]) else { return false };
    let params = ParamsBuilder::new().m_cost(32).t_cost(3).p_cost(4).data(data).build();
    let Ok(params) = params else { return false };
    let Ok(argon) = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params)
    else {
        return false;
    };
    let mut output = [0; 32];
    let done = argon.hash_password_into(&[1; 32], &[2; 16], &mut output);
    let known = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    done.is_ok() && output.as_slice() == bytes(known)
}

/// The published vectors' keyed hash of the empty and of a one-byte input.
fn blake3_keyed() -> bool {
    let key = b"whats the Elvish word for friend";
    let known = [
        (&b""[..], "92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26"),
        (&b"\0"[..], "6d7878dfff2f485635d39013278ae14f1454b8c0a3a2d34bc1ab38228a80c95b"),
    ];
    known.iter().all(|(input, output)| {
        blake3::keyed_hash(key, input).as_bytes().as_slice() == bytes(output)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_primitive_gives_its_published_answer() {
        assert!(xchacha(), "XChaCha20-Poly1305");
        assert!(hkdf_sha256(), "HKDF");
        assert!(argon2id(), "Argon2id");
        assert!(blake3_keyed(), "BLAKE3");
        let start = std::time::Instant::now();
        run().unwrap();
        assert!(start.elapsed().as_millis() < 50);
    }
}
