// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <ATen/core/Tensor.h>
#include <optional>
#include <string_view>
#include <vector>

namespace tintype {
class JsonFields;
}

namespace tintype::engine {

inline constexpr int kMostTrainTimesteps = 100'000;

enum class TimestepSpacing { Linspace, Leading, Trailing };
enum class SigmaSpacing { Timesteps, Karras, Lu, Exponential, Beta, Flow };
enum class FinalSigma { Zero, Smallest };

/// How a class of diffusers differs from the others in the schedule it was trained with.
struct NoiseDefaults {
    double betaStart = 0.0001;
    double betaEnd = 0.02;
    std::string_view betaSchedule = "linear";
    bool canRescale = true;           ///< the class has rescale_betas_zero_snr
    bool keepsSigmasFinite = true;    ///< and then gives the last alpha the smallest half-precision value, not zero
};

/// The noise that the model was trained with, at each of its timesteps.
class NoiseSchedule {
public:
    /// Reads num_train_timesteps, beta_start, beta_end, beta_schedule, trained_betas and rescale_betas_zero_snr.
    /// @error InvalidArgument · Unsupported
    static Result<NoiseSchedule> fromFields(const JsonFields& fields, const NoiseDefaults& defaults = {});

    int trainTimesteps() const { return m_trainTimesteps; }
    /// Products of (1 - beta); entries are float32 values.
    const std::vector<float>& alphasCumprod() const { return m_alphasCumprod; }
    /// sqrt((1 - ᾱ) / ᾱ) at each timestep, rising; entries are float32 values.
    const std::vector<double>& sigmas() const { return m_sigmas; }
    const std::vector<double>& logSigmas() const { return m_logSigmas; }

    /// How many timesteps have log(alpha / sigma) of at least `lambdaMinimum`, in diffusers' way of counting.
    int timestepsAbove(double lambdaMinimum) const;

    /// The fractional timestep that has this sigma.
    double timestepOf(double sigma) const;

private:
    NoiseSchedule(int trainTimesteps, at::Tensor alphasCumprod);

    int m_trainTimesteps;
    at::Tensor m_alphas; // [trained timesteps] float32, CPU
    std::vector<float> m_alphasCumprod;
    std::vector<double> m_sigmas;
    std::vector<double> m_logSigmas;
};

Result<TimestepSpacing> readTimestepSpacing(const JsonFields& fields, TimestepSpacing fallback);
Result<int> readStepsOffset(const JsonFields& fields);
Result<FinalSigma> readFinalSigma(const JsonFields& fields);

/// The class's own ways to spread sigmas. Karras, exponential and beta exclude each other.
struct SigmaSpacingChoice {
    bool hasLu = false;
    bool hasFlow = false;
};
Result<SigmaSpacing> readSigmaSpacing(const JsonFields& fields, SigmaSpacingChoice choice = {});

/// The ends of a sigma schedule where the config names them; every class of diffusers reads these two, also those
/// that do not declare them.
struct SigmaEnds {
    std::optional<double> smallest;
    std::optional<double> largest;
};
Result<SigmaEnds> readSigmaEnds(const JsonFields& fields);

struct SpacingRequest {
    TimestepSpacing spacing = TimestepSpacing::Linspace;
    int trainTimesteps = 0;
    int lastTimestep = 0;    ///< one past the noisiest one in use
    int steps = 0;
    int offset = 0;
    bool leavesOutZero = false; ///< spread one more timestep, and drop the last (the DPM solvers)
};
/// Timesteps from noisy to clean. Those of Linspace are fractional. Trailing may yield one more than asked for, as
/// numpy's arange does.
std::vector<double> spaceTimesteps(const SpacingRequest& request);

/// Karras, Lu (of log-sigmas), exponential or beta spacing from `first` to `last`, float64.
std::vector<double> spreadSigmas(SigmaSpacing spacing, double first, double last, int steps);

} // namespace tintype::engine
