# Third-party packages. The worker's own are linked statically, so that the program runs on a GPU machine that has
# nothing but the LibTorch of a Python package.

find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt REQUIRED)

function(_tintype_static_library target file header)
    find_library(${target}_LIBRARY NAMES ${file} REQUIRED)
    find_path(${target}_INCLUDE NAMES ${header} REQUIRED)
    add_library(${target} UNKNOWN IMPORTED)
    set_target_properties(${target} PROPERTIES
        IMPORTED_LOCATION "${${target}_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${${target}_INCLUDE}")
endfunction()

find_path(TL_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
find_path(CLI11_INCLUDE CLI/CLI.hpp REQUIRED)
add_library(tintype_expected INTERFACE)
target_include_directories(tintype_expected SYSTEM INTERFACE "${TL_EXPECTED_INCLUDE}")
add_library(tintype_cli11 INTERFACE)
target_include_directories(tintype_cli11 SYSTEM INTERFACE "${CLI11_INCLUDE}")

_tintype_static_library(zlib_static libz.a zlib.h)
_tintype_static_library(png_static libpng.a png.h)
_tintype_static_library(turbojpeg_static libturbojpeg.a turbojpeg.h)
_tintype_static_library(webp_static libwebp.a webp/encode.h)
_tintype_static_library(utf8proc_static libutf8proc.a utf8proc.h)
_tintype_static_library(crypto_static libcrypto.a openssl/evp.h)
find_library(SHARPYUV_LIBRARY NAMES libsharpyuv.a) # part of libwebp since 1.3
if(SHARPYUV_LIBRARY)
    set_property(TARGET webp_static PROPERTY INTERFACE_LINK_LIBRARIES "${SHARPYUV_LIBRARY}")
endif()
set_property(TARGET png_static PROPERTY INTERFACE_LINK_LIBRARIES zlib_static m)
set_property(TARGET crypto_static PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads ${CMAKE_DL_LIBS})
target_compile_definitions(utf8proc_static INTERFACE UTF8PROC_STATIC)

if(TINTYPE_WITH_ENGINE)
    include(LibTorch)
endif()

if(TINTYPE_WITH_SERVER OR TINTYPE_BUILD_FUZZERS)
    find_package(yaml-cpp REQUIRED)
endif()

if(TINTYPE_WITH_SERVER)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network WebSockets)
    find_package(Boost 1.74 REQUIRED) # Beast: headers only
    find_package(SQLite3 REQUIRED)
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(LIBGIT2 REQUIRED IMPORTED_TARGET libgit2)
    pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
    find_package(OpenSSL REQUIRED)
endif()

if(TINTYPE_WITH_UI AND TINTYPE_WITH_SERVER)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Widgets Svg DBus Sql PrintSupport)
    find_package(QCustomPlotQt6 REQUIRED)
    find_library(QSCINTILLA_LIBRARY NAMES qscintilla2_qt6 REQUIRED)
    find_path(QSCINTILLA_INCLUDE NAMES Qsci/qsciscintilla.h PATH_SUFFIXES x86_64-linux-gnu/qt6 aarch64-linux-gnu/qt6 qt6 REQUIRED)
    add_library(tintype_qscintilla INTERFACE)
    target_include_directories(tintype_qscintilla SYSTEM INTERFACE "${QSCINTILLA_INCLUDE}")
    target_link_libraries(tintype_qscintilla INTERFACE "${QSCINTILLA_LIBRARY}" Qt6::Widgets Qt6::PrintSupport)
endif()
