// swift-tools-version: 6.2
import PackageDescription

/// Language settings of every target: Swift 6 mode comes with the tools version; the rest is stricter than default.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A sensor that counts how often it goes where, for `./meneki profile`.
let isCounting = Context.environment["MENEKI_PROFILE"] == "record"

/// Release builds are laid out by what was counted: what is often gone through lies together.
let layout =
    isCounting ? "-ir-profile-generate" : "-ir-profile-use=\(Context.packageDirectory)/Benchmarks/sensor.profdata"

/// For what packets and records pass through.
let fast: [SwiftSetting] =
    strict + [
        .unsafeFlags(
            ["-cross-module-optimization", "-enforce-exclusivity=unchecked", "-Xfrontend", layout],
            .when(configuration: .release))
    ]

/// Swift's library goes into the sensor's program, which is faster (calls into it need no table) and runs on machines
/// without a toolchain. Its parts are named, as the compiler names them only where everything is built for that.
let selfContained: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-static-stdlib", "-lFoundation", "-lFoundationInternationalization", "-lFoundationEssentials",
            "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims", "-l_FoundationCollections",
            "-lswiftSynchronization", "-lswift_RegexParser",
        ] + (isCounting ? ["-profile-generate"] : []), .when(platforms: [.linux], configuration: .release))
]

func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let concurrency: Target.Dependency = nio("NIOConcurrencyHelpers")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioExtras: Target.Dependency = .product(name: "NIOExtras", package: "swift-nio-extras")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

let package = Package(
    name: "meneki",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "meneki-sensor", targets: ["SensorMain"]),
        .executable(name: "meneki-master", targets: ["MasterMain"]),
        .executable(name: "meneki-lab", targets: ["LabMain"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.15.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.20.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.0.0"),
    ],
    targets: [
        .systemLibrary(name: "CPcap"),
        .systemLibrary(name: "CPostgres"),
        .systemLibrary(name: "CZstd"),
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CMalloc"),

        .target(name: "Shared", dependencies: [log], swiftSettings: fast),
        .target(
            name: "Protocol",
            dependencies: ["Shared", "CZstd", protobuf, nio("NIOCore"), nioSSL, nioExtras, x509, asn1, crypto],
            exclude: ["Proto"], swiftSettings: strict),
        .target(
            name: "Sensor",
            dependencies: [
                "Shared", "Protocol", "CPcap", "CZlib", "CMalloc", "COpenSSL", log, metrics, lifecycle, protobuf,
                nio("NIOCore"), nio("NIOPosix"), nioSSL, nioExtras,
            ],
            swiftSettings: fast),
        .target(
            name: "Master",
            dependencies: [
                "Shared", "Protocol", "CPostgres", log, metrics, lifecycle, protobuf,
                nio("NIOCore"), nio("NIOPosix"), nioSSL, nioExtras, x509, asn1, crypto, cryptoExtras, yams,
                hummingbird, hummingbirdTLS, mustache, coreMetrics, concurrency,
            ],
            resources: [
                .copy("Detection/Models"), .copy("Console/Templates"), .copy("Console/Strings"),
                .copy("Console/Assets"),
            ],
            swiftSettings: strict),
        .target(name: "Lab", dependencies: ["Shared", log], swiftSettings: strict),
        .executableTarget(
            name: "SensorMain", dependencies: ["Sensor", arguments, log, lifecycle], swiftSettings: strict,
            linkerSettings: selfContained),
        .executableTarget(
            name: "MasterMain", dependencies: ["Master", arguments, log, lifecycle], swiftSettings: strict),
        .executableTarget(
            name: "LabMain", dependencies: ["Lab", "Sensor", arguments, log], swiftSettings: strict),

        .testTarget(name: "SharedTests", dependencies: ["Shared", crypto], swiftSettings: strict),
        .testTarget(name: "ProtocolTests", dependencies: ["Protocol", "Shared", protobuf], swiftSettings: strict),
        .testTarget(
            name: "SensorTests", dependencies: ["Sensor", "Protocol", "Shared", nio("NIOCore")],
            swiftSettings: strict),
        .testTarget(
            name: "MasterTests",
            dependencies: [
                "Master", "Sensor", "Protocol", "Shared", log, protobuf, nio("NIOCore"), nio("NIOPosix"), nioSSL, x509,
            ],
            swiftSettings: strict),
        .testTarget(name: "LabTests", dependencies: ["Lab", "Shared"], swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ]
)
