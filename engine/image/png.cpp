// SPDX-License-Identifier: Apache-2.0
#include "engine/image/png.h"

#include <cerrno>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <png.h>

namespace tintype::image {
namespace {

constexpr int kCompressionLevel = 2;
constexpr png_alloc_size_t kMaxTextBytes = 8u << 20;
constexpr std::size_t kSignatureBytes = 8;

// libpng reports errors by longjmp. Each function below keeps its C++ objects outside the frame that may be jumped over.

void appendBytes(png_structp png, png_bytep data, png_size_t length)
{
    auto* bytes = static_cast<std::vector<std::uint8_t>*>(png_get_io_ptr(png));
    bytes->insert(bytes->end(), data, data + length);
}

void ignoreWarning(png_structp, png_const_charp) { }

void writeText(png_structp png, png_infop info, const TextChunks& text)
{
    std::vector<png_text> chunks;
    for (const auto& [key, value] : text) {
        png_text chunk{};
        chunk.compression = PNG_ITXT_COMPRESSION_NONE;
        chunk.key = const_cast<png_charp>(key.c_str());
        chunk.text = const_cast<png_charp>(value.c_str());
        chunks.push_back(chunk);
    }
    png_set_text(png, info, chunks.data(), static_cast<int>(chunks.size()));
}

/// Returns false when libpng gave up.
bool writePng(png_structp png, png_infop info, const Pixels& pixels, const TextChunks& text, std::vector<std::uint8_t>& out)
{
    if (setjmp(png_jmpbuf(png)) != 0)
        return false;
    png_set_write_fn(png, &out, appendBytes, nullptr);
    png_set_compression_level(png, kCompressionLevel);
    png_set_filter(png, 0, PNG_FILTER_SUB | PNG_FILTER_UP);
    png_set_IHDR(png, info, static_cast<png_uint_32>(pixels.width), static_cast<png_uint_32>(pixels.height), 8,
        PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    writeText(png, info, text);
    png_write_info(png, info);
    const std::size_t stride = static_cast<std::size_t>(pixels.width) * 3;
    for (int y = 0; y < pixels.height; ++y)
        png_write_row(png, pixels.rgb.data() + static_cast<std::size_t>(y) * stride);
    png_write_end(png, info);
    return true;
}

bool readChunks(png_structp png, png_infop info, std::FILE* file)
{
    if (setjmp(png_jmpbuf(png)) != 0)
        return false;
    png_init_io(png, file);
    png_set_chunk_malloc_max(png, kMaxTextBytes);
    png_read_info(png, info);
    return true;
}

} // namespace

Result<std::vector<std::uint8_t>> encodePng(const Pixels& pixels, const TextChunks& text)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, ignoreWarning);
    png_infop info = png ? png_create_info_struct(png) : nullptr;
    if (!info) {
        png_destroy_write_struct(&png, nullptr);
        return fail(ErrorCode::OutOfMemory, "[image] no memory for a PNG writer");
    }
    std::vector<std::uint8_t> bytes;
    const bool ok = writePng(png, info, pixels, text, bytes);
    png_destroy_write_struct(&png, &info);
    if (!ok)
        return fail(ErrorCode::Internal, fmt::format("[image] a {}x{} PNG could not be encoded", pixels.width, pixels.height));
    return bytes;
}

Result<PngInfo> readPngInfo(const std::filesystem::path& path)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file)
        return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, fmt::format("{}: cannot be opened: {}", path.string(), std::strerror(errno)));
    std::array<png_byte, kSignatureBytes> signature{};
    if (std::fread(signature.data(), 1, kSignatureBytes, file.get()) != kSignatureBytes || png_sig_cmp(signature.data(), 0, kSignatureBytes) != 0)
        return fail(ErrorCode::Corrupt, fmt::format("{}: is not a PNG", path.string()));
    std::rewind(file.get());
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, ignoreWarning);
    png_infop info = png ? png_create_info_struct(png) : nullptr;
    if (!info || !readChunks(png, info, file.get())) {
        png_destroy_read_struct(&png, &info, nullptr);
        return fail(ErrorCode::Corrupt, fmt::format("{}: is a broken PNG", path.string()));
    }
    PngInfo result{static_cast<int>(png_get_image_width(png, info)), static_cast<int>(png_get_image_height(png, info)), {}};
    png_textp text = nullptr;
    const int count = static_cast<int>(png_get_text(png, info, &text, nullptr));
    for (int i = 0; i < count; ++i)
        result.text.emplace_back(text[i].key, text[i].text ? text[i].text : "");
    png_destroy_read_struct(&png, &info, nullptr);
    return result;
}

} // namespace tintype::image
