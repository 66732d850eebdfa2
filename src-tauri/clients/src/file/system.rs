//! What differs between operating systems. Only Linux has been tested; the rest compiles and
//! does the portable thing.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io,
    path::Path,
};

#[cfg(not(unix))]
pub(super) use portable::{
    is_mine, is_same, keep, links, make_folder, may_be_written, may_give_away, may_write_into,
    mode, open, set_mode, sync_folder,
};
#[cfg(unix)]
pub(super) use unix::{
    is_mine, is_same, keep, links, make_folder, may_be_written, may_give_away, may_write_into,
    mode, open, set_mode, sync_folder,
};

/// Whether a failed exchange means that this file system cannot exchange.
#[cfg(target_os = "linux")]
pub(super) fn cannot_exchange(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let code = error.raw_os_error();
    [Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP]
        .iter()
        .any(|errno| Some(errno.raw_os_error()) == code)
}

/// Lets two names change places, in one step.
#[cfg(target_os = "linux")]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Gives a file its name, unless something has that name already. It may keep the old one
/// besides.
pub(super) fn name_new(temporary: &Path, real: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, temporary, CWD, real, RenameFlags::NOREPLACE) {
            Ok(()) => return Ok(()),
            Err(error) if !cannot_exchange(&error.into()) => return Err(error.into()),
            Err(_) => {}
        }
    }
    // A second name cannot be made where there is one already.
    fs::hard_link(temporary, real)
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};

    use rustix::{
        fs::{
            Access, Gid, OFlags, Uid, XattrFlags, access, fchown, fgetxattr, flistxattr, fsetxattr,
        },
        io::Errno,
    };

    use super::{File, Metadata, OpenOptions, Path, fs, io};

    /// The largest list or value of extended attributes that Linux has.
    const LARGEST_ATTRIBUTE: usize = 65_536;

    pub(in super::super) fn open(path: &Path) -> io::Result<File> {
        // Does not wait for the other end of a pipe.
        let flags = OFlags::NONBLOCK.union(OFlags::NOCTTY).bits();
        OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)
    }

    pub(in super::super) fn mode(about: &Metadata) -> u32 {
        about.mode() & 0o7777
    }

    pub(in super::super) fn links(about: &Metadata) -> u64 {
        about.nlink()
    }

    pub(in super::super) fn is_mine(about: &Metadata) -> bool {
        about.uid() == rustix::process::geteuid().as_raw()
    }

    pub(in super::super) fn may_give_away() -> bool {
        rustix::process::geteuid().is_root()
    }

    /// By its mode: who has made a file read-only has said that it is not to be changed, and
    /// root is held to it too.
    pub(in super::super) fn may_be_written(about: &Metadata) -> bool {
        about.mode() & 0o200 != 0
    }

    pub(in super::super) fn may_write_into(folder: &Path) -> bool {
        access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
    }

    pub(in super::super) fn is_same(one: &Metadata, other: &Metadata) -> bool {
        (one.dev(), one.ino()) == (other.dev(), other.ino())
    }

    /// Gives a new file the owner, group, extended attributes and mode of the old one.
    pub(in super::super) fn keep(old: &File, about: &Metadata, new: &File) -> io::Result<()> {
        let now = new.metadata()?;
        if (now.uid(), now.gid()) != (about.uid(), about.gid()) {
            let (owner, group) = (Uid::from_raw(about.uid()), Gid::from_raw(about.gid()));
            let owner = (now.uid() != about.uid()).then_some(owner);
            fchown(new, owner, Some(group))?;
        }
        keep_attributes(old, new)?;
        // The last: giving a file away takes bits of its mode.
        set_mode(new, mode(about))
    }

    /// Access lists are extended attributes too.
    fn keep_attributes(old: &File, new: &File) -> io::Result<()> {
        let mut names = vec![0; LARGEST_ATTRIBUTE];
        let length = match flistxattr(old, names.as_mut_slice()) {
            Ok(length) => length,
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let names = names.get(..length).unwrap_or_default();
        let mut value = vec![0; if length == 0 { 0 } else { LARGEST_ATTRIBUTE }];
        for name in names.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
            let length = match fgetxattr(old, name, value.as_mut_slice()) {
                Ok(length) => length,
                Err(Errno::NODATA) => continue,
                Err(error) => return Err(error.into()),
            };
            let value = value.get(..length).unwrap_or_default();
            let set = fsetxattr(new, name, value, XattrFlags::empty());
            // Labels that the system sets by itself, and that only it may set.
            let system = name.starts_with(b"security.") || name.starts_with(b"trusted.");
            if let (Err(error), false) = (set, system) {
                return Err(error.into());
            }
        }
        Ok(())
    }

    pub(in super::super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
        file.set_permissions(fs::Permissions::from_mode(mode))
    }

    pub(in super::super) fn make_folder(folder: &Path) -> io::Result<()> {
        fs::DirBuilder::new().mode(0o700).create(folder)
    }

    pub(in super::super) fn sync_folder(folder: &Path) -> io::Result<()> {
        match File::open(folder)?.sync_all() {
            // Some network file systems cannot.
            Err(error) if error.raw_os_error() == Some(Errno::INVAL.raw_os_error()) => Ok(()),
            done => done,
        }
    }
}

#[cfg(not(unix))]
mod portable {
    use super::{File, Metadata, OpenOptions, Path, fs, io};

    pub(in super::super) fn open(path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).open(path)
    }

    pub(in super::super) fn mode(_: &Metadata) -> u32 {
        0
    }

    pub(in super::super) fn links(_: &Metadata) -> u64 {
        1
    }

    pub(in super::super) fn is_mine(_: &Metadata) -> bool {
        true
    }

    pub(in super::super) fn may_give_away() -> bool {
        false
    }

    pub(in super::super) fn may_be_written(about: &Metadata) -> bool {
        !about.permissions().readonly()
    }

    pub(in super::super) fn may_write_into(folder: &Path) -> bool {
        folder.is_dir()
    }

    pub(in super::super) fn is_same(one: &Metadata, other: &Metadata) -> bool {
        one.created().ok() == other.created().ok() && one.len() == other.len()
    }

    pub(in super::super) fn keep(_: &File, about: &Metadata, new: &File) -> io::Result<()> {
        new.set_permissions(about.permissions())
    }

    pub(in super::super) fn set_mode(_: &File, _: u32) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn make_folder(folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    pub(in super::super) fn sync_folder(_: &Path) -> io::Result<()> {
        Ok(())
    }
}
