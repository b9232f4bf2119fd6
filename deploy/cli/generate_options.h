// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/base/result.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace tintype::cli {

/// What `tintype generate` was asked to do.
struct GenerateOptions {
    LoadRequest load;
    GenerateRequest input;
    std::string output;        ///< as given; empty if only the latents are wanted
    std::string format;        ///< as given; empty = by the extension of `output`
    std::string latentsFile;   ///< empty = none
    std::string previewFolder; ///< empty = none
    bool json = false;
};

/// Declares the command; parsing fills `options`, which must outlive the parser.
CLI::App* addGenerateCommand(CLI::App& parser, GenerateOptions& options);

/// Checks what no single flag can, and derives what follows from others (the picture's format).
/// @error InvalidArgument
Result<> completeOptions(GenerateOptions& options);

/// Where each picture goes: `output` itself, or for several pic-1.png, pic-2.png, …
std::vector<std::string> pictureFiles(const GenerateOptions& options);

} // namespace tintype::cli
