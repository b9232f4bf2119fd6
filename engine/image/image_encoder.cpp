// SPDX-License-Identifier: Apache-2.0
#include "engine/image/image_encoder.h"

#include <fmt/format.h>
#include <memory>
#include <turbojpeg.h>
#include <webp/encode.h>

namespace tintype::image {
namespace {

constexpr int kJpegQuality = 95;
constexpr int kPreviewQuality = 80;
constexpr float kWebpQuality = 90;

Result<std::vector<std::uint8_t>> encodeJpeg(const Pixels& pixels, int quality)
{
    const std::unique_ptr<void, int (*)(tjhandle)> handle(tjInitCompress(), &tjDestroy);
    unsigned char* data = nullptr;
    unsigned long size = 0;
    const int failed = tjCompress2(handle.get(), pixels.rgb.data(), pixels.width, 0, pixels.height, TJPF_RGB, &data,
        &size, TJSAMP_444, quality, TJFLAG_FASTDCT);
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owned(data, &tjFree);
    if (failed)
        return fail(ErrorCode::Internal, fmt::format("[image] a JPEG could not be encoded: {}", tjGetErrorStr2(handle.get())));
    return std::vector<std::uint8_t>(data, data + size);
}

Result<std::vector<std::uint8_t>> encodeWebp(const Pixels& pixels)
{
    std::uint8_t* data = nullptr;
    const std::size_t size = WebPEncodeRGB(pixels.rgb.data(), pixels.width, pixels.height, 3 * pixels.width, kWebpQuality, &data);
    const std::unique_ptr<std::uint8_t, void (*)(void*)> owned(data, &WebPFree);
    if (size == 0)
        return fail(ErrorCode::InvalidArgument, fmt::format("[image] a WebP of {}x{} could not be encoded (the format's limit is 16383)", pixels.width, pixels.height));
    return std::vector<std::uint8_t>(data, data + size);
}

Result<EncodedImage> wrap(Result<std::vector<std::uint8_t>>&& bytes, const char* type, const Pixels& pixels)
{
    TINTYPE_TRY_ASSIGN(auto data, std::move(bytes));
    return EncodedImage{std::move(data), type, pixels.width, pixels.height};
}

} // namespace

Result<EncodedImage> encodeImage(const Pixels& pixels, ImageFormat format, const TextChunks& text)
{
    switch (format) {
    case ImageFormat::Png:
        return wrap(encodePng(pixels, text), "image/png", pixels);
    case ImageFormat::Jpeg:
        return wrap(encodeJpeg(pixels, kJpegQuality), "image/jpeg", pixels);
    case ImageFormat::Webp:
        return wrap(encodeWebp(pixels), "image/webp", pixels);
    }
    return fail(ErrorCode::Internal, "[image] unknown format");
}

Result<EncodedImage> encodePreview(const Pixels& pixels)
{
    return wrap(encodeJpeg(pixels, kPreviewQuality), "image/jpeg", pixels);
}

} // namespace tintype::image
