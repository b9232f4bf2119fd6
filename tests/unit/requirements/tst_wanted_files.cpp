// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/wanted_files.h"

#include <QTest>
#include <algorithm>
#include <sstream>

using namespace tintype;
using requirements::HubFile;
using requirements::wantedFiles;

namespace {

// The lists of files of three public repositories, and what a worker reads of them.

constexpr const char* kFluxIndex = R"({"_class_name": "FluxPipeline", "_diffusers_version": "0.30.0.dev0",
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"], "text_encoder": ["transformers", "CLIPTextModel"],
    "text_encoder_2": ["transformers", "T5EncoderModel"], "tokenizer": ["transformers", "CLIPTokenizer"],
    "tokenizer_2": ["transformers", "T5TokenizerFast"], "transformer": ["diffusers", "FluxTransformer2DModel"],
    "vae": ["diffusers", "AutoencoderKL"]})";

constexpr const char* kFluxFiles = R"(
    -.gitattributes *README.md -ae.safetensors -flux1-schnell.safetensors *model_index.json -schnell_grid.jpeg
    *scheduler/scheduler_config.json *text_encoder/config.json *text_encoder/model.safetensors
    *text_encoder_2/config.json *text_encoder_2/model-00001-of-00002.safetensors
    *text_encoder_2/model-00002-of-00002.safetensors *text_encoder_2/model.safetensors.index.json
    *tokenizer/merges.txt *tokenizer/special_tokens_map.json *tokenizer/tokenizer_config.json *tokenizer/vocab.json
    *tokenizer_2/special_tokens_map.json *tokenizer_2/spiece.model *tokenizer_2/tokenizer.json
    *tokenizer_2/tokenizer_config.json *transformer/config.json
    *transformer/diffusion_pytorch_model-00001-of-00003.safetensors
    *transformer/diffusion_pytorch_model-00002-of-00003.safetensors
    *transformer/diffusion_pytorch_model-00003-of-00003.safetensors
    *transformer/diffusion_pytorch_model.safetensors.index.json
    *vae/config.json *vae/diffusion_pytorch_model.safetensors)";

constexpr const char* kSdxlIndex = R"({"_class_name": "StableDiffusionXLPipeline", "_diffusers_version": "0.19.0.dev0",
    "force_zeros_for_empty_prompt": true, "add_watermarker": null, "image_encoder": [null, null],
    "scheduler": ["diffusers", "EulerDiscreteScheduler"], "text_encoder": ["transformers", "CLIPTextModel"],
    "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"], "tokenizer": ["transformers", "CLIPTokenizer"],
    "tokenizer_2": ["transformers", "CLIPTokenizer"], "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"]})";

// p: the plain ones, f: fp16, *: both
constexpr const char* kSdxlFiles = R"(
    -.gitattributes -01.png -LICENSE.md *README.md -comparison.png *model_index.json -pipeline.png
    *scheduler/scheduler_config.json -sd_xl_base_1.0.safetensors -sd_xl_base_1.0_0.9vae.safetensors
    -sd_xl_offset_example-lora_1.0.safetensors *text_encoder/config.json -text_encoder/flax_model.msgpack
    ftext_encoder/model.fp16.safetensors -text_encoder/model.onnx ptext_encoder/model.safetensors
    -text_encoder/openvino_model.bin -text_encoder/openvino_model.xml *text_encoder_2/config.json
    -text_encoder_2/flax_model.msgpack ftext_encoder_2/model.fp16.safetensors -text_encoder_2/model.onnx
    -text_encoder_2/model.onnx_data ptext_encoder_2/model.safetensors -text_encoder_2/openvino_model.bin
    -text_encoder_2/openvino_model.xml *tokenizer/merges.txt *tokenizer/special_tokens_map.json
    *tokenizer/tokenizer_config.json *tokenizer/vocab.json *tokenizer_2/merges.txt *tokenizer_2/special_tokens_map.json
    *tokenizer_2/tokenizer_config.json *tokenizer_2/vocab.json *unet/config.json -unet/diffusion_flax_model.msgpack
    funet/diffusion_pytorch_model.fp16.safetensors punet/diffusion_pytorch_model.safetensors -unet/model.onnx
    -unet/model.onnx_data -unet/openvino_model.bin -unet/openvino_model.xml *vae/config.json
    -vae/diffusion_flax_model.msgpack fvae/diffusion_pytorch_model.fp16.safetensors
    pvae/diffusion_pytorch_model.safetensors -vae_1_0/config.json -vae_1_0/diffusion_pytorch_model.fp16.safetensors
    -vae_1_0/diffusion_pytorch_model.safetensors -vae_decoder/config.json -vae_decoder/model.onnx
    -vae_decoder/openvino_model.bin -vae_decoder/openvino_model.xml -vae_encoder/config.json -vae_encoder/model.onnx
    -vae_encoder/openvino_model.bin -vae_encoder/openvino_model.xml)";

constexpr const char* kFlashFiles = R"(
    -.gitattributes *README.md -SDXL-Flash.safetensors *model_index.json *scheduler/scheduler_config.json
    *text_encoder/config.json *text_encoder/model.safetensors *text_encoder_2/config.json
    *text_encoder_2/model.safetensors *tokenizer/merges.txt *tokenizer/special_tokens_map.json
    *tokenizer/tokenizer_config.json *tokenizer/vocab.json *tokenizer_2/merges.txt *tokenizer_2/special_tokens_map.json
    *tokenizer_2/tokenizer_config.json *tokenizer_2/vocab.json *unet/config.json
    *unet/diffusion_pytorch_model.safetensors *vae/config.json *vae/diffusion_pytorch_model.safetensors)";

constexpr const char* kTinyIndex = R"({"unet": ["diffusers", "UNet2DConditionModel"]})";

QStringList pathsOf(const std::vector<HubFile>& files)
{
    QStringList paths;
    for (const HubFile& file : files)
        paths << QString::fromStdString(file.path);
    paths.sort();
    return paths;
}

HubFile fileAt(const std::string& path)
{
    return {.path = path, .bytes = 1, .hashKind = HubFile::Hash::Sha256, .hash = {}};
}

/// The words of a list: a mark, then the path. `marks` are those of the files that are wanted.
void split(const std::string& list, const std::string& marks, std::vector<HubFile>& all, std::vector<HubFile>& wanted)
{
    std::istringstream stream(list);
    for (std::string word; stream >> word;) {
        all.push_back(fileAt(word.substr(1)));
        if (marks.find(word.front()) != std::string::npos)
            wanted.push_back(all.back());
    }
}

} // namespace

class TestWantedFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void picksWhatAWorkerReads_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("index");
        QTest::addColumn<QByteArray>("variant");
        QTest::addColumn<QByteArray>("marks");
        const auto row = [](const char* name, const char* list, const char* index, const char* variant,
                             const char* marks = "*") {
            QTest::newRow(name) << QByteArray(list) << QByteArray(index) << QByteArray(variant) << QByteArray(marks);
        };
        row("FLUX.1-schnell", kFluxFiles, kFluxIndex, "");
        row("FLUX.1-schnell has no fp16", kFluxFiles, kFluxIndex, "fp16");
        row("SDXL base", kSdxlFiles, kSdxlIndex, "", "*p");
        row("SDXL base, fp16", kSdxlFiles, kSdxlIndex, "fp16", "*f");
        row("SDXL base, a variant it lacks", kSdxlFiles, kSdxlIndex, "int8", "*p");
        row("sdxl-flash", kFlashFiles, kSdxlIndex, "");
        row("the only variant", "*model_index.json *unet/diffusion_pytorch_model.fp16.safetensors *unet/config.json",
            kTinyIndex, "");
        row("shards of a variant",
            "-unet/diffusion_pytorch_model.safetensors *unet/diffusion_pytorch_model-00001-of-00001.fp16.safetensors "
            "*unet/diffusion_pytorch_model.safetensors.index.fp16.json "
            "-unet/diffusion_pytorch_model.safetensors.index.json",
            kTinyIndex, "fp16");
        row("shards of a variant, old names",
            "-unet/diffusion_pytorch_model-00001-of-00001.safetensors "
            "*unet/diffusion_pytorch_model.fp16-00001-of-00001.safetensors",
            kTinyIndex, "fp16");
        row("a single file rather than its shards",
            "*unet/diffusion_pytorch_model.safetensors -unet/diffusion_pytorch_model-00001-of-00002.safetensors "
            "-unet/diffusion_pytorch_model.safetensors.index.json",
            kTinyIndex, "");
        row("weights that no component has", "*unet/diffusion_pytorch_model.safetensors -unet/lora.safetensors",
            kTinyIndex, "");
        row("folders below a component",
            "*unet/diffusion_pytorch_model.safetensors -unet/old/config.json -unet/old/model.safetensors", kTinyIndex,
            "");
    }

    void picksWhatAWorkerReads()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, index);
        QFETCH(QByteArray, variant);
        QFETCH(QByteArray, marks);
        std::vector<HubFile> all;
        std::vector<HubFile> expected;
        split(list.toStdString(), marks.toStdString(), all, expected);
        const auto wanted = wantedFiles(all, index.toStdString(), variant.toStdString());
        QVERIFY2(wanted, wanted ? "" : wanted.error().message.c_str());
        QCOMPARE(pathsOf(*wanted), pathsOf(expected));
    }

    void refusesWhatItCannotChoose_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("index");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* list, const char* index, const char* message) {
            QTest::newRow(message) << QByteArray(list) << QByteArray(index) << QByteArray(message);
        };
        row("-unet/diffusion_pytorch_model.bin", kTinyIndex, "none of its components has weights as safetensors");
        row("-model.safetensors", kTinyIndex, "none of its components has weights as safetensors");
        row("-unet/diffusion_pytorch_model.fp16.safetensors -unet/diffusion_pytorch_model.int8.safetensors", kTinyIndex,
            "unet has weights only as the variants fp16, int8: name one of them");
        row("-model_index.json", "[]", "model_index.json: the top of the JSON is not an object");
        row("-model_index.json", "{", "model_index.json: not valid JSON");
        row("-a", R"({"../x": ["a", "b"]})", "model_index.json: a component's name is a path");
    }

    void refusesWhatItCannotChoose()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, index);
        QFETCH(QByteArray, message);
        std::vector<HubFile> all;
        std::vector<HubFile> none;
        split(list.toStdString(), "", all, none);
        const auto wanted = wantedFiles(all, index.toStdString(), "");
        QVERIFY(!wanted);
        QCOMPARE(QByteArray::fromStdString(wanted.error().message), message);
    }

    void tellsAnInterruptedModelByItsLooks_data()
    {
        QTest::addColumn<QString>("lost");
        QTest::addColumn<bool>("complete");
        QTest::newRow("nothing") << QString() << true;
        for (const char* path :
            {"text_encoder_2/model-00002-of-00002.safetensors", "vae/diffusion_pytorch_model.safetensors",
                "scheduler/scheduler_config.json", "transformer/diffusion_pytorch_model-00001-of-00003.safetensors"})
            QTest::newRow(path) << QString::fromUtf8(path) << false;
        QTest::newRow("the licence") << QStringLiteral("README.md") << true;
    }

    void tellsAnInterruptedModelByItsLooks()
    {
        QFETCH(QString, lost);
        QFETCH(bool, complete);
        std::vector<HubFile> all;
        std::vector<HubFile> wanted;
        split(kFluxFiles, "*", all, wanted);
        std::erase_if(wanted, [&lost](const HubFile& file) { return file.path == lost.toStdString(); });
        QCOMPARE(requirements::looksComplete(wanted, kFluxIndex), complete);
    }
};

QTEST_GUILESS_MAIN(TestWantedFiles)
#include "tst_wanted_files.moc"
