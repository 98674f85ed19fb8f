// swift-tools-version: 6.2
import PackageDescription

/// Every target is strict: Swift 6, warnings are errors, imports say who may see them.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}

let package = Package(
    name: "dicomexportd",
    products: [
        .executable(name: "dicomexportd", targets: ["dicomexportd"]),
        .executable(name: "dicomexportctl", targets: ["dicomexportctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // What Glibc's module hides behind _GNU_SOURCE: openat2, statfs, ucred.
        .target(name: "CLinux"),

        // Names and plain values that everybody means the same by.
        .target(name: "Vocabulary"),
        .target(name: "DICOM", dependencies: ["CZlib"]),
        .target(name: "SQLite", dependencies: ["CSQLite", "Vocabulary"]),
        .target(name: "BigQueryTable", dependencies: ["DICOM", "Vocabulary"]),
        .target(name: "StoreWatch", dependencies: ["CLinux"]),
        .target(name: "StoreIndex", dependencies: ["SQLite", "Vocabulary"]),
        .target(name: "Warehouse", dependencies: ["BigQueryTable", "SQLite", "Vocabulary"]),
        .target(name: "WarehouseQuery", dependencies: ["SQLite", "Vocabulary"]),
        .target(
            name: "ServiceRuntime",
            dependencies: ["BigQueryTable", "CLinux", "DICOM", "SQLite", "StoreWatch", "Vocabulary", "Warehouse"]
        ),
        .target(
            name: "Operations",
            dependencies: ["ServiceRuntime", "SQLite", "StoreIndex", "StoreWatch", "Vocabulary", "Warehouse"]
        ),
        .target(
            name: "Intake",
            dependencies: [
                "BigQueryTable", "DICOM", "Operations", "ServiceRuntime", "SQLite", "StoreIndex", "StoreWatch",
                "Vocabulary",
            ]
        ),
        .target(
            name: "Tables",
            dependencies: [
                "BigQueryTable", "DICOM", "Intake", "Operations", "ServiceRuntime", "SQLite", "StoreIndex",
                "StoreWatch", "Vocabulary", "Warehouse",
            ]
        ),
        .target(
            name: "Verification",
            dependencies: [
                "Intake", "Operations", "ServiceRuntime", "SQLite", "StoreIndex", "StoreWatch", "Vocabulary",
                "Warehouse",
            ]
        ),
        .target(
            name: "Pipeline",
            dependencies: [
                "Intake", "Operations", "ServiceRuntime", "SQLite", "StoreIndex", "Tables", "Verification",
                "Vocabulary", "Warehouse",
            ]
        ),
        .target(name: "HealthcareAPI", dependencies: ["Vocabulary"]),
        .target(
            name: "ControlSocket",
            dependencies: [
                "CLinux", "HealthcareAPI", "Vocabulary", .logging, .nioCore, .nioHTTP1, .nioPosix, .serviceLifecycle,
            ]
        ),
        .target(
            name: "ControlSocketClient",
            dependencies: ["HealthcareAPI", "Vocabulary", .nioCore, .nioHTTP1, .nioPosix]
        ),
        .target(name: "Systemd", dependencies: ["CSystemd", .logging]),
        .target(name: "Configuration", dependencies: ["Vocabulary"]),

        .executableTarget(
            name: "dicomexportd",
            dependencies: [
                "BigQueryTable", "CLinux", "Configuration", "ControlSocket", "DICOM", "HealthcareAPI", "Intake",
                "Operations", "Pipeline", "ServiceRuntime", "SQLite", "StoreIndex", "StoreWatch", "Systemd", "Tables",
                "Verification", "Vocabulary", "Warehouse", .argumentParser, .logging, .serviceLifecycle, .unixSignals,
            ]
        ),
        .executableTarget(
            name: "dicomexportctl",
            dependencies: [
                "ControlSocketClient", "HealthcareAPI", "Vocabulary", "WarehouseQuery", .argumentParser, .nioCore,
            ]
        ),
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["BigQueryTable", "DICOM", "Vocabulary"],
            path: "Benchmarks",
            exclude: ["corpus.py", "damage.py", "floor.c", "kinds.py", "pydicom_peer.py", "run.py"]
        ),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(
            name: "DICOMTestSupport",
            dependencies: ["CZlib", "DICOM", "TestSupport"],
            path: "Tests/DICOMTestSupport"
        ),
        .target(
            name: "RowTestSupport",
            dependencies: ["BigQueryTable", "DICOM", "Vocabulary"],
            path: "Tests/RowTestSupport"
        ),
        .executableTarget(
            name: "RowProbe",
            dependencies: ["BigQueryTable", "DICOM", "DICOMTestSupport"],
            path: "Tests/RowProbe"
        ),
        .executableTarget(name: "SystemdProbe", dependencies: ["Systemd", .logging], path: "Tests/SystemdProbe"),
        .target(
            name: "ControlTestSupport",
            dependencies: [
                "ControlSocket", "HealthcareAPI", "TestSupport", "Vocabulary", .logging, .nioCore, .nioPosix,
                .serviceLifecycle,
            ],
            path: "Tests/ControlTestSupport"
        ),
        .testTarget(
            name: "BigQueryTableTests",
            dependencies: [
                "BigQueryTable", "DICOM", "DICOMTestSupport", "RowProbe", "RowTestSupport", "TestSupport", "Vocabulary",
            ],
            exclude: ["Conformance", "Fixtures"]
        ),
        .testTarget(name: "ConfigurationTests", dependencies: ["Configuration", "TestSupport"]),
        .testTarget(
            name: "ControlSocketTests",
            dependencies: [
                "ControlSocket", "ControlSocketClient", "ControlTestSupport", "HealthcareAPI", "TestSupport",
                "Vocabulary",
                .logging, .nioCore,
            ]
        ),
        .testTarget(name: "DICOMTests", dependencies: ["DICOM", "DICOMTestSupport", "TestSupport"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["SQLite", "TestSupport", "dicomexportctl", "dicomexportd"],
            exclude: ["Clients", "Conformance", "Monitoring"]
        ),
        .testTarget(name: "HealthcareAPITests", dependencies: ["HealthcareAPI", "Vocabulary"]),
        .testTarget(
            name: "IntakeTests",
            dependencies: [
                "DICOM", "DICOMTestSupport", "Intake", "Operations", "ServiceRuntime", "SQLite", "StoreIndex",
                "StoreWatch", "Tables", "TestSupport", "Vocabulary", "Warehouse",
            ]
        ),
        .testTarget(
            name: "OperationsTests",
            dependencies: [
                "Operations", "ServiceRuntime", "SQLite", "StoreIndex", "StoreWatch", "TestSupport", "Vocabulary",
                "Warehouse",
            ]
        ),
        .testTarget(
            name: "ServiceRuntimeTests",
            dependencies: [
                "Operations", "ServiceRuntime", "SQLite", "StoreWatch", "TestSupport", "Vocabulary", "Warehouse",
            ]
        ),
        .testTarget(
            name: "TablesTests",
            dependencies: [
                "BigQueryTable", "DICOM", "DICOMTestSupport", "Intake", "Operations", "Pipeline", "SQLite",
                "ServiceRuntime", "StoreIndex", "StoreWatch", "Tables", "TestSupport", "Vocabulary", "Warehouse",
            ]
        ),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "BigQueryTable", "DICOMTestSupport", "Intake", "Operations", "Pipeline", "ServiceRuntime", "SQLite",
                "StoreIndex", "StoreWatch", "Tables", "TestSupport", "Verification", "Vocabulary", "Warehouse",
            ]
        ),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"]),
        .testTarget(name: "StoreIndexTests", dependencies: ["SQLite", "StoreIndex", "TestSupport", "Vocabulary"]),
        .testTarget(name: "StoreWatchTests", dependencies: ["CLinux", "StoreWatch", "TestSupport"]),
        .testTarget(name: "SystemdTests", dependencies: ["Systemd", "SystemdProbe", "TestSupport", .logging]),
        .testTarget(name: "VocabularyTests", dependencies: ["TestSupport", "Vocabulary"]),
        .testTarget(
            name: "WarehouseTests",
            dependencies: ["BigQueryTable", "CSQLite", "DICOM", "SQLite", "TestSupport", "Vocabulary", "Warehouse"],
            exclude: ["Fixtures"]
        ),
        .testTarget(name: "WarehouseQueryTests", dependencies: ["SQLite", "TestSupport", "WarehouseQuery"]),
        .testTarget(
            name: "dicomexportctlTests",
            dependencies: ["ControlTestSupport", "HealthcareAPI", "Vocabulary", "dicomexportctl"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + strict
}

/// What no file and no row passes through is made small instead of fast.
for target in package.targets
where ["Configuration", "ControlSocket", "ControlSocketClient", "HealthcareAPI", "dicomexportctl", "dicomexportd"]
    .contains(
        target.name
    )
{
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-Osize"], .when(configuration: .release))]
}

/// How executables for use are linked: nobody looks up their symbols, and nothing in them is thrown. A seventh smaller so.
let compact = [
    "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "--icf=safe", "-Xlinker", "--no-eh-frame-hdr",
    "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
]

for target in package.targets where target.name == "dicomexportd" || target.name == "dicomexportctl" {
    target.linkerSettings = [.unsafeFlags(compact, .when(platforms: [.linux], configuration: .release))]
}
