// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/generate_options.h"

#include <CLI/CLI.hpp>
#include <QString>
#include <QStringDecoder>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr int kMaxSteps = 1000;
constexpr int kMaxSequenceLength = 512;
constexpr int kMaxImages = 64;
constexpr int kMaxThreads = 1024;
constexpr std::size_t kMaxDeviceDigits = 3;

Result<> checkUtf8(const char* flag, const std::string& text)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString decoded = decoder.decode(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
    if (decoder.hasError())
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: the text is not valid UTF-8", flag));
    return {};
}

Result<> checkTexts(const GenerateOptions& options)
{
    TINTYPE_TRY(checkUtf8("--prompt", options.input.prompt));
    TINTYPE_TRY(checkUtf8("--negative-prompt", options.input.negativePrompt.value_or("")));
    TINTYPE_TRY(checkUtf8("--model", options.load.model));
    TINTYPE_TRY(checkUtf8("--variant", options.load.variant));
    return checkUtf8("--scheduler", options.input.scheduler.value_or(""));
}

Result<> checkFinite(const char* flag, const std::optional<double>& number)
{
    if (number && !std::isfinite(*number))
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: {} is not a finite number", flag, *number));
    return {};
}

std::string lowerExtension(const std::string& file)
{
    std::string extension = std::filesystem::path(file).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
        [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return extension;
}

Result<ImageFormat> formatOf(const GenerateOptions& options)
{
    const std::string name = options.format.empty() ? lowerExtension(options.output) : "." + options.format;
    if (name == ".png")
        return ImageFormat::Png;
    if (name == ".jpg" || name == ".jpeg")
        return ImageFormat::Jpeg;
    if (name == ".webp")
        return ImageFormat::Webp;
    return fail(ErrorCode::InvalidArgument,
        fmt::format("{}: the extension names no format; use .png, .jpg or .webp, or say --format", options.output));
}

/// cuda:N, or one of the names.
std::string checkDevice(const std::string& device)
{
    constexpr std::string_view kNumberedPrefix = "cuda:";
    const std::string number = device.starts_with(kNumberedPrefix) ? device.substr(kNumberedPrefix.size()) : "";
    const bool isNumbered = !number.empty() && number.size() <= kMaxDeviceDigits
        && number.find_first_not_of("0123456789") == std::string::npos;
    if (isNumbered || device == "auto" || device == "cpu" || device == "cuda")
        return {};
    return fmt::format("{} is not auto, cpu, cuda or cuda:N", device);
}

/// strtoull, by which CLI11 reads, turns "-1" into a large number.
std::string checkSeed(const std::string& seed)
{
    return seed.starts_with('-') ? seed + " is below 0" : std::string();
}

void addModelFlags(CLI::App& command, LoadRequest& load)
{
    command.add_option("--model", load.model, "Folder in diffusers layout, or in the Hugging Face cache ORG/NAME[@REV]")
        ->required()
        ->type_name("DIR|ID");
    command.add_option("--variant", load.variant, "Weight files of this variant, such as fp16")->type_name("NAME");
    command.add_option("--dtype", load.dtype, "Number format to compute in [auto: the files' own]")
        ->check(CLI::IsMember({"auto", "float32", "bfloat16", "float16"}));
    command.add_option("--device", load.device, "auto, cpu, cuda or cuda:N")
        ->check(CLI::Validator(checkDevice, "", "device"))
        ->type_name("DEVICE");
    command.add_option("--threads", load.threads, "CPU threads [all cores]")->check(CLI::Range(1, kMaxThreads));
}

void addPictureFlags(CLI::App& command, GenerateRequest& input)
{
    command.add_option("--prompt", input.prompt, "What to draw")->required()->type_name("TEXT");
    command.add_option("--negative-prompt", input.negativePrompt, "What to stay away from")->type_name("TEXT");
    command.add_option("--steps,--num-inference-steps", input.steps, "Denoising steps")
        ->check(CLI::Range(1, kMaxSteps));
    command.add_option("--guidance,--guidance-scale", input.guidanceScale, "How closely to follow the prompt");
    command.add_option("--true-cfg-scale", input.trueCfgScale, "FLUX: guidance by a negative prompt, above 1");
    command.add_option("--guidance-rescale", input.guidanceRescale, "SDXL: against over-exposure")
        ->check(CLI::Range(0.0, 1.0));
    command.add_option("--seed", input.seed, "Of the noise, as a torch.Generator's [random]")
        ->check(CLI::Validator(checkSeed, "", "seed"));
    command.add_option("--width", input.width, "Pixels [the model's own]")->check(CLI::PositiveNumber);
    command.add_option("--height", input.height, "Pixels [the model's own]")->check(CLI::PositiveNumber);
    command.add_option("--scheduler", input.scheduler, "Class of the sampler [the model's own]")->type_name("CLASS");
    command.add_option("--max-sequence-length", input.maxSequenceLength, "T5 tokens [512]")
        ->check(CLI::Range(1, kMaxSequenceLength));
    command.add_option("--num-images", input.numImages, "Pictures to draw as one batch")
        ->check(CLI::Range(1, kMaxImages));
}

void addOutputFlags(CLI::App& command, GenerateOptions& options)
{
    command.add_option("-o,--output", options.output, "Picture to write; several become NAME-1.EXT, NAME-2.EXT, …")
        ->type_name("FILE");
    command.add_option("--format", options.format, "png, jpeg or webp [by the extension of FILE]")
        ->check(CLI::IsMember({"png", "jpeg", "webp"}));
    command.add_option("--save-latents", options.latentsFile, "Final latents, fp32, as a safetensors file")
        ->type_name("FILE");
    command.add_option("--preview-dir", options.previewFolder, "Write a preview after each step into this folder")
        ->type_name("DIR");
    command.add_flag("--json", options.json, "Tell the result as JSON on standard output");
}

} // namespace

CLI::App* addGenerateCommand(CLI::App& parser, GenerateOptions& options)
{
    CLI::App* const command = parser.add_subcommand("generate", "Draw a picture");
    addModelFlags(*command, options.load);
    addPictureFlags(*command, options.input);
    addOutputFlags(*command, options);
    return command;
}

Result<> completeOptions(GenerateOptions& options)
{
    TINTYPE_TRY(checkTexts(options));
    TINTYPE_TRY(checkFinite("--guidance", options.input.guidanceScale));
    TINTYPE_TRY(checkFinite("--true-cfg-scale", options.input.trueCfgScale));
    if (options.output.empty() && options.latentsFile.empty())
        return fail(ErrorCode::InvalidArgument, "-o FILE is required: where to write the picture");
    if (options.output == options.latentsFile)
        return fail(ErrorCode::InvalidArgument, "-o and --save-latents name the same file");
    options.input.returnImages = !options.output.empty();
    options.input.returnLatents = !options.latentsFile.empty();
    options.input.previews = !options.previewFolder.empty();
    if (options.input.returnImages) {
        TINTYPE_TRY_ASSIGN(options.input.format, formatOf(options));
    }
    return {};
}

std::vector<std::string> pictureFiles(const GenerateOptions& options)
{
    if (options.output.empty())
        return {};
    if (options.input.numImages == 1)
        return {options.output};
    const std::filesystem::path path(options.output);
    std::vector<std::string> files;
    for (int number = 1; number <= options.input.numImages; ++number) {
        const std::string name = fmt::format("{}-{}{}", path.stem().string(), number, path.extension().string());
        files.push_back((path.parent_path() / name).string());
    }
    return files;
}

} // namespace tintype::cli
