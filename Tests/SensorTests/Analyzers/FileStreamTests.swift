import Shared
import Testing

@testable import Sensor

@Suite struct FileStreamTests {
    /// Digests of "abc": RFC 1321 §A.5, FIPS 180 examples.
    @Test func digestsArePublishedOnes() {
        var sink = RecordSink()
        sink.fileDigests = .all
        var file = FileStream(source: "HTTP", filename: "a.txt", isOriginator: false, into: &sink)
        for byte in "abc".utf8 { file.append([byte].span.bytes, at: sink.now) }
        file.finish(into: &sink)
        #expect(file.digests?.md5 == "900150983cd24fb0d6963f7d28e17f72")
        #expect(file.digests?.sha1 == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(file.digests?.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(sink.batch.recordCount == 1)
    }

    @Test func aFileWithAHoleHasNoDigest() {
        var sink = RecordSink()
        var file = FileStream(source: "HTTP", isOriginator: false, into: &sink)
        file.append([1, 2, 3].span.bytes, at: sink.now)
        file.gap(10)
        file.finish(into: &sink)
        #expect(file.digests == nil)
        #expect(file.missingByteCount == 10)
    }

    @Test(arguments: [
        ("MZ\u{90}\0", "application/x-dosexec"), ("%PDF-1.7", "application/pdf"),
        ("<!DOCTYPE html><p>", "text/html"), ("  <html>", "text/html"), ("{\"a\": 1}", "text/json"),
        ("[1, 2]", "text/json"), ("<?xml version=\"1.0\"?><a/>", "application/xml"),
        ("#!/bin/sh\nls", "text/x-shellscript"), ("#!/usr/bin/env python3\n", "text/x-python"),
        ("Rar!\u{1A}\u{07}\0", "application/x-rar"), ("hello, world", "text/plain"),
        ("{\\rtf1", "text/rtf"), ("-----BEGIN CERTIFICATE-----\n", "application/x-pem"),
    ]) func typesAreToldByContent(content: String, type: String) {
        #expect(MIMEType.of(Array(content.utf8)) == type)
    }

    /// ISO/IEC 14496-12 §4.3 (brands, of HEIF in ISO/IEC 23008-12, of AVIF in its specification of the Alliance for
    /// Open Media), and signatures of Zeek's.
    @Test(arguments: [
        ("\0\0\0\u{14}ftypqt  \0\0\0\0qt  ", "video/quicktime"), ("\0\0\0\u{14}ftypisom\0\0\0\0isom", "video/mp4"),
        ("\0\0\0\u{18}ftypheic\0\0\0\0mif1heic", "image/heic"), ("\0\0\0\u{14}ftypmif1\0\0\0\0heic", "image/heic"),
        ("\0\0\0\u{1C}ftypavif\0\0\0\0avifmif1miaf", "image/avif"),
        ("\0\0\0\u{14}ftypmif1\0\0\0\0avif", "image/avif"), ("\0\0\0\u{14}ftypmif1\0\0\0\0miafheic", "image/heif"),
        ("xar!\0\u{1C}\0\u{1}", "application/x-xar"), ("]\0\0\0\u{1}", "application/x-lzma"),
        ("!\u{14}-lh5-abc", "application/x-lzh"), ("\0\u{1}\0\0Standard ACE DB\0", "application/x-msaccess"),
        ("\0\u{1}\0\0Standard Jet DB\0", "application/x-msaccess"),
    ]) func typesOfMediaAndArchives(content: String, type: String) {
        #expect(MIMEType.of(Array(content.utf8)) == type)
    }

    @Test func documentsOfMatroskaAreToldApart() {
        let element: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0xA3, 0x42, 0x86, 0x81, 1, 0x42, 0x82]
        #expect(MIMEType.of(element + [0x88] + Array("matroska".utf8)) == "video/x-matroska")
        #expect(MIMEType.of(element + [0x84] + Array("webm".utf8)) == "video/webm")
        #expect(MIMEType.of([0x60, 0xEA, 0x2B, 0, 0x22]) == "application/x-arj")
    }

    /// A header of tar(5)'s first form: name, mode, owner, group, size, time, sum, kind.
    @Test func oldArchivesOfTarAreNoText() {
        func header(_ name: String, kind: String = "0") -> [UInt8] {
            Array(name.utf8) + [UInt8](repeating: 0, count: 100 - name.utf8.count)
                + Array("0000644\00001750\00001750\000000000013\014000000000\0012345\0 \(kind)".utf8)
                + [UInt8](repeating: 0, count: 355)
        }
        #expect(MIMEType.of(header("dir/file.txt") + Array("hello world".utf8)) == "application/x-tar")
        #expect(MIMEType.of(header("dir/file.txt", kind: "\0")) == "application/x-tar")
        #expect(MIMEType.of(header("dir/file.txt", kind: "x")) != "application/x-tar")
        #expect(MIMEType.of(Array(header("dir/file.txt").prefix(156))) != "application/x-tar")
        #expect(MIMEType.of([UInt8](repeating: 0x20, count: 512)) != "application/x-tar")
        #expect(MIMEType.of([UInt8](repeating: 0, count: 512)) == nil)
    }

    /// The first entry of a document, stored (OpenDocument 1.3 part 2 §3.3).
    @Test(arguments: ["text", "spreadsheet", "presentation"]) func documentsOfOpenOfficeAreTold(kind: String) {
        let type = "application/vnd.oasis.opendocument.\(kind)"
        let bytes = [0x50, 0x4B, 3, 4, 20] + [UInt8](repeating: 0, count: 21) + [8, 0, 0, 0]
        #expect(MIMEType.of(bytes + Array("mimetype\(type)PK".utf8)) == type)
    }

    @Test func unknownBytesHaveNoType() {
        #expect(MIMEType.of([]) == nil)
        #expect(MIMEType.of([0x00, 0xFE, 0x01, 0x99]) == nil)
        #expect(MIMEType.of(Array("short".utf8)) == nil)
    }
}
