/// A file or folder that cannot be used, and why.
public struct FileError: Error, Equatable {
    package enum Purpose: String, Sendable {
        case read, list, write, lock
    }

    package enum Cause: Equatable, Sendable {
        case isFolder
        /// A symbolic link leads out of the folder that it stands in.
        case leavesFolder
        /// A device, a pipe or a socket.
        case notOrdinary
        /// It has more bytes than this.
        case tooLarge(Int)
        /// Nobody here has this name.
        case unknownOwner(String)
        /// The system does not let us give the file away.
        case ownerRefused
        case system(SystemError)
    }

    package let purpose: Purpose
    /// As the person gave it.
    package let path: String
    package let cause: Cause

    package init(_ purpose: Purpose, _ path: String, _ cause: Cause) {
        self.purpose = purpose
        self.path = path
        self.cause = cause
    }

    package init(_ purpose: Purpose, _ path: String, _ error: SystemError) {
        self.init(purpose, path, .system(error))
    }

    /// One line without a full stop.
    public var sentence: String { "cannot \(purpose.rawValue) \(path): \(reason)" }

    private var reason: String {
        let error: SystemError
        switch cause {
        case .isFolder: return "it is a folder"
        case .leavesFolder: return "it is a symbolic link that leads out of its folder"
        case .notOrdinary: return "it is not a regular file"
        case .tooLarge(let limit): return "it has more than \(limit >> 20) MiB"
        case .unknownOwner(let name): return "there is no user or group '\(name)'"
        case .ownerRefused: return "the system does not let this user give the file to the owner that is asked for"
        case .system(let cause): error = cause
        }
        switch (error.number, purpose) {
        case (ENOENT, .write), (ENOENT, .lock): return "its folder does not exist"
        case (ENOENT, .list), (ENOENT, .read): return "no such file or folder"
        case (EISDIR, _): return "it is a folder"
        case (ENOTDIR, _): return "a part of the path is not a folder"
        case (EACCES, .write), (EPERM, .write), (EACCES, .lock): return "permission denied in its folder"
        case (EACCES, _), (EPERM, _): return "permission denied"
        case (ELOOP, .lock): return "it is a symbolic link, and a lock is a file of its own; remove it"
        case (ELOOP, _): return "its symbolic links lead in a circle"
        case (ENOSPC, _): return "no space left on the disk"
        case (EFBIG, _): return "the file would be larger than the system allows"
        case (EDQUOT, _): return "the disk quota is used up"
        case (EROFS, _): return "the file system is read-only"
        // Renaming onto a mount point: a container was given this one file as a volume.
        case (EBUSY, .write): return "it is a mount point and cannot be replaced; mount its folder instead"
        default: return error.text
        }
    }
}

extension SystemError {
    /// There is no such file or folder.
    package var isNotFound: Bool { number == ENOENT }
    /// There is one already.
    package var isPresence: Bool { number == EEXIST }
    /// The rights of the file or folder do not allow it.
    package var isDenial: Bool { number == EACCES || number == EPERM }

    package static let notAFolder = SystemError(number: ENOTDIR)
}
