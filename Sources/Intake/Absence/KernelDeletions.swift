internal import StoreWatch

/// What the kernel said went, in one batch.
struct KernelDeletions {
    var files: [StorePath] = []
    var directories: [StorePath] = []

    var isEmpty: Bool { files.isEmpty && directories.isEmpty }
}
