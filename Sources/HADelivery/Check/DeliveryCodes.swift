import HAServices
import HATemplate

/// What diagnostics about projects, outputs and proxies are about.
extension DiagnosticCode {
    // Running
    /// A project file names what is not there.
    package static let missingFile = Self("missing-file")

    // The output
    package static let emptyBackend = Self("empty-backend")
    package static let unreachedBackend = Self("unreached-backend")
    package static let missingBackend = Self("missing-backend")
    package static let undefinedACL = Self("undefined-acl")
    package static let duplicateName = Self("duplicate-name")
    package static let duplicateBind = Self("duplicate-bind")
    package static let runsCode = Self("runs-code")
    package static let proxyError = Self("proxy-error")
    package static let proxyWarning = Self("proxy-warning")
    package static let proxyMissing = Self("proxy-missing")
    package static let staleOutput = Self("stale-output")
    /// A case of a test file does not hold.
    package static let testFailed = Self("test-failed")

    /// The codes of this file, in the order of the documents.
    package static let deliveryCodes: [Self] = [
        .missingFile, .emptyBackend, .unreachedBackend, .missingBackend, .undefinedACL, .duplicateName,
        .duplicateBind, .runsCode, .proxyError, .proxyWarning, .proxyMissing, .staleOutput,
        .testFailed,
    ]

    /// Every code that this program reports.
    package static let all = engineCodes + serviceCodes + deliveryCodes
}
