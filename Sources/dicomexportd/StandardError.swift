internal import Glibc

/// Messages from before there is a log.
enum StandardError {
    static func print(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        // Nobody is left to be told if this fails.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
