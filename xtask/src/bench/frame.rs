//! What a display in memory shows at one moment.

use std::{fs, path::Path};

use crate::error::Error;

/// The pixels of a whole display.
pub(super) struct Frame(Vec<[u8; 4]>);

/// Places of numbers in the header of an X window dump.
const HEADER_SIZE: usize = 0;
const COLOURS: usize = 19;
/// Bytes of one entry of the colour table that follows the header.
const COLOUR_SIZE: usize = 12;

impl Frame {
    /// Reads the picture memory that Xvfb keeps in this folder.
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        let file = folder.join("Xvfb_screen0");
        let bytes = fs::read(&file).map_err(Error::file(&file))?;
        Self::parse(&bytes).ok_or(Error::Screen("its picture memory is no X window dump"))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let number = |place: usize| {
            let four = bytes.get(place * 4..place * 4 + 4)?.first_chunk::<4>()?;
            usize::try_from(u32::from_be_bytes(*four)).ok()
        };
        let start = number(HEADER_SIZE)? + number(COLOURS)? * COLOUR_SIZE;
        let (pixels, _) = bytes.get(start..)?.as_chunks::<4>();
        Some(Self(pixels.to_vec()))
    }

    /// How many pixels are not the same.
    pub(super) fn differences(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).filter(|(one, two)| one != two).count()
    }

    /// How many colours there are. Letters with smooth edges have many, an empty window few.
    pub(super) fn colours(&self) -> usize {
        let mut all = self.0.clone();
        all.sort_unstable();
        all.dedup();
        all.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dump with a header of 100 bytes, two entries in the colour table and these pixels.
    fn dump(pixels: &[[u8; 4]]) -> Vec<u8> {
        let mut bytes = vec![0; 100 + 2 * COLOUR_SIZE];
        bytes[3] = 100;
        bytes[COLOURS * 4 + 3] = 2;
        bytes.extend(pixels.concat());
        bytes
    }

    #[test]
    fn a_dump_is_read_past_its_header_and_colours() {
        let one = Frame::parse(&dump(&[[1; 4], [2; 4], [2; 4]])).unwrap();
        let two = Frame::parse(&dump(&[[1; 4], [2; 4], [3; 4]])).unwrap();
        assert_eq!(one.colours(), 2);
        assert_eq!(one.differences(&two), 1);
        assert!(Frame::parse(&[0; 20]).is_none());
    }
}
