"""The WSDL 1.1 document: document/literal over SOAP 1.1, made from the contract's tables."""

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import quoteattr

from mockgov.counters.kep_soap.contract import (
    BINARY,
    ENUMERATIONS,
    OPERATIONS,
    SERVICE_NS,
    SIMPLE,
    TYPES,
    TYPES_NS,
    XMIME_NS,
    Field,
)

NOTE: Final = "SANDBOX — hukuki geçerliliği yoktur. A SOAP 1.1 counter with the operation names of PTT KEP's EYWS."
XSD_NS: Final = "http://www.w3.org/2001/XMLSchema"

HEAD: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="eyServis" targetNamespace="{SERVICE_NS}" xmlns:tns="{SERVICE_NS}" xmlns:ax="{TYPES_NS}"
    xmlns:xmime="{XMIME_NS}" xmlns:xs="{XSD_NS}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
<wsdl:documentation>{NOTE}</wsdl:documentation>
<wsdl:types>
<xs:schema targetNamespace="{XMIME_NS}" attributeFormDefault="qualified" elementFormDefault="qualified">
<xs:attribute name="contentType" type="xs:string"/>
<xs:attribute name="fileName" type="xs:string"/>
<xs:complexType name="base64Binary"><xs:simpleContent><xs:extension base="xs:base64Binary">
<xs:attribute ref="xmime:contentType" use="optional"/>
<xs:attribute ref="xmime:fileName" use="optional"/>
</xs:extension></xs:simpleContent></xs:complexType>
</xs:schema>
<xs:schema targetNamespace="{TYPES_NS}" attributeFormDefault="qualified" elementFormDefault="qualified">
<xs:import namespace="{XMIME_NS}"/>
"""


def wsdl(location: str) -> bytes:
    """The document for a counter that answers at `location`, a URL."""
    return "".join(_document(location)).encode()


def _document(location: str) -> Iterator[str]:
    yield HEAD
    for name, values in ENUMERATIONS.items():
        yield f'<xs:simpleType name="{name}"><xs:restriction base="xs:string">'
        yield from (f'<xs:enumeration value="{value}"/>' for value in values)
        yield "</xs:restriction></xs:simpleType>\n"
    for name, fields in TYPES.items():
        yield f'<xs:complexType name="{name}"><xs:sequence>'
        yield from map(_element, fields)
        yield "</xs:sequence></xs:complexType>\n"
    yield f'</xs:schema>\n<xs:schema targetNamespace="{SERVICE_NS}" elementFormDefault="qualified">\n'
    yield f'<xs:import namespace="{TYPES_NS}"/>\n'
    for operation in OPERATIONS.values():
        yield _wrapper(operation.name, Field("param0", operation.takes))
        yield _wrapper(f"{operation.name}Response", operation.gives)
    yield "</xs:schema>\n</wsdl:types>\n"
    for name in OPERATIONS:
        yield f'<wsdl:message name="{name}Request"><wsdl:part name="parameters" element="tns:{name}"/></wsdl:message>\n'
        yield f'<wsdl:message name="{name}Response">'
        yield f'<wsdl:part name="parameters" element="tns:{name}Response"/></wsdl:message>\n'
    yield '<wsdl:portType name="eyServisPortType">\n'
    for name in OPERATIONS:
        yield f'<wsdl:operation name="{name}"><wsdl:input message="tns:{name}Request"/>'
        yield f'<wsdl:output message="tns:{name}Response"/></wsdl:operation>\n'
    yield '</wsdl:portType>\n<wsdl:binding name="eyServisSOAPBinding" type="tns:eyServisPortType">\n'
    yield '<soap:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>\n'
    for name in OPERATIONS:
        yield f'<wsdl:operation name="{name}"><soap:operation soapAction="urn:{name}" style="document"/>'
        yield '<wsdl:input><soap:body use="literal"/></wsdl:input>'
        yield '<wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>\n'
    yield '</wsdl:binding>\n<wsdl:service name="eyServis">'
    yield '<wsdl:port name="eyServisSOAPport_http" binding="tns:eyServisSOAPBinding">'
    yield f"<soap:address location={quoteattr(location)}/></wsdl:port></wsdl:service>\n"
    yield "</wsdl:definitions>\n"


def _wrapper(name: str, field: Field) -> str:
    inside = f"<xs:complexType><xs:sequence>{_element(field)}</xs:sequence></xs:complexType>"
    return f'<xs:element name="{name}">{inside}</xs:element>\n'


def _element(field: Field) -> str:
    many = ' maxOccurs="unbounded"' if field.many else ""
    expected = ""
    if field.kind == BINARY:
        kind = "xmime:base64Binary"
        expected = ' xmime:expectedContentTypes="application/octet-stream"'
    else:
        kind = f"xs:{field.kind}" if field.kind in SIMPLE else f"ax:{field.kind}"
    return f'<xs:element name="{field.name}" type="{kind}" minOccurs="0"{many} nillable="true"{expected}/>'
